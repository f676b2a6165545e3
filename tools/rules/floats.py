"""No Python floats where money is: amounts are whole minor units, shares whole basis points.

A float rounds 0.1 + 0.2; a ledger may not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.source import Fault, Source

MONEY = (
    "bountyhub/funding",
    "bountyhub/kit/money.py",
    "bountyhub/ledger",
    "bountyhub/payouts",
    "bountyhub/ports",
    "bountyhub/work",
)


def check(sources: list[Source]) -> Iterator[Fault]:
    """Float literals, the name `float`, and `/`, which makes one."""
    for source in sources:
        if not source.is_python or not source.under(*MONEY):
            continue
        for node in ast.walk(source.tree):
            if (what := _float(node)) is not None:
                line = getattr(node, "lineno", 1)
                yield Fault(source.path, line, f"{what} near money: use Money, integers or `//`")


def _float(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"the float {node.value!r}"
    if isinstance(node, ast.Name) and node.id == "float":
        return "the type float"
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
        return "a true division"
    return None
