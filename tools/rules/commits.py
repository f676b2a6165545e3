"""Only `bountyhub/kit/database.py` commits: operations change rows, the transaction around them decides.

Otherwise half a change could be kept, or a job handed on before its rows exist.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.source import Fault, Source

MAY_COMMIT = ("bountyhub/kit/database.py", "bountyhub/sandbox")  # the sandbox has its own store


def check(sources: list[Source]) -> Iterator[Fault]:
    """Every `.commit()` in the application or the worker outside the one place."""
    for source in sources:
        if not (source.is_python and source.under("bountyhub", "worker")) or source.under(*MAY_COMMIT):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _is_commit(node.func):
                message = "only transaction() in bountyhub/kit/database.py commits"
                yield Fault(source.path, node.lineno, message)


def _is_commit(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr == "commit"
