"""`rules` modules decide and nothing else: they import `kit.money`, each other and harmless standard parts.

So that every rule can be tested by a table, without database, clock or network.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tools.source import Fault, Source

ALLOWED = "bountyhub.kit.money"
OUTSIDE = {
    "asyncio",
    "glob",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
}
OUTSIDE |= {"shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid"}


def check(sources: list[Source]) -> Iterator[Fault]:
    """Every import in a `rules` module that could reach outside of it."""
    for source in sources:
        if not source.is_python or not _is_rules(source.module):
            continue
        for line, name in _imports(source.tree):
            if not _harmless(name):
                message = f"rules may not import {name}: only {ALLOWED}, other rules, plain stdlib"
                yield Fault(source.path, line, message)


def _is_rules(module: str) -> bool:
    return module.startswith("bountyhub.") and "rules" in module.split(".")[2:]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _harmless(name: str) -> bool:
    if name.startswith("bountyhub."):
        return name == ALLOWED or name.startswith(f"{ALLOWED}.") or _is_rules(name)
    top = name.split(".")[0]
    return top in sys.stdlib_module_names and top not in OUTSIDE
