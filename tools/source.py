"""What a house rule looks at: the tree's files, read and parsed once, and the fault it reports.

Used by every module in tools/rules and by tools/lint.py.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PYTHON_FOLDERS = ("bountyhub", "worker", "tools", "tests", "migrations")
OTHER_FOLDERS = ("templates", "static", "docs", ".ci")
SKIPPED_PARTS = {"__pycache__", "node_modules"}


@dataclass(frozen=True)
class Fault:
    """One broken rule at one place."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """A file of the tree; `path` is relative to the root, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file, for Python sources."""
        return ast.parse(self.text, self.path)

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def module(self) -> str:
        """The dotted name: `bountyhub/work/rules.py` is `bountyhub.work.rules`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def feature(self) -> str:
        """The part of the application a file belongs to: `work` for bountyhub/work/rules.py."""
        parts = self.module.split(".")
        return parts[1] if len(parts) > 1 and parts[0] == "bountyhub" else parts[0]

    def under(self, *folders: str) -> bool:
        """Whether the file lies in one of these folders, or is one of these files."""
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)


Rule = Callable[[list[Source]], Iterator[Fault]]


def read_tree(root: Path) -> list[Source]:
    """Every text file the rules may look at, in path order."""
    folders = [root / name for name in (*PYTHON_FOLDERS, *OTHER_FOLDERS)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files += [path for path in root.glob("[!.]*") if path.is_file()]
    return [source for path in sorted(files) if (source := _read(root, path)) is not None]


def _read(root: Path, path: Path) -> Source | None:
    relative = path.relative_to(root)
    if SKIPPED_PARTS & set(relative.parts):
        return None
    try:
        return Source(relative.as_posix(), path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return None  # an image or a font
