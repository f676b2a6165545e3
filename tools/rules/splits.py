"""Money is divided in one place: what operations, queries and jobs need divided, a `rules` module divides.

A second `//` somewhere rounds in its own way, and a cent is missing in the sum.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.source import Fault, Source

FEATURES = tuple(f"bountyhub/{name}" for name in ("funding", "ledger", "payouts", "tasks", "work"))
#: Where dividing is the purpose, or is of no money: the books' own check of the fee formula, the Merkle log's trees.
ALLOWED = ("bountyhub/ledger/conservation.py", "bountyhub/ledger/log")


def check(sources: list[Source]) -> Iterator[Fault]:
    """`//`, `divmod` and `round` outside a feature's rules."""
    for source in sources:
        if not source.is_python or not source.under(*FEATURES) or source.under(*ALLOWED) or _is_rules(source):
            continue
        for node in ast.walk(source.tree):
            if (what := _division(node)) is not None:
                line = getattr(node, "lineno", 1)
                yield Fault(source.path, line, f"{what} near money: let ledger/rules.py split, or a `rules` divide")


def _is_rules(source: Source) -> bool:
    return source.module.split(".")[2:3] == ["rules"]


def _division(node: ast.AST) -> str | None:
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.FloorDiv):
        return "a division"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("divmod", "round"):
        return node.func.id
    return None
