"""Files of a repository at a forge; part of `ports.forge.Forge`. Repositories by id."""

from __future__ import annotations

from typing import Protocol


class ForgeFiles(Protocol):
    """Single files, read as the App. Every method may raise the errors of `ports.errors`."""

    def last_change(self, repository: int, branch: str, path: str) -> str:
        """The last commit of a branch that touched a file; empty where none did."""

    def read_file(self, repository: int, path: str, ref: str) -> str | None:
        """A file's text at a commit; None where there is no such file. What isn't UTF-8 comes as half characters."""

    def changes_file(self, repository: int, number: int, path: str) -> bool:
        """Whether a pull request changes a file."""
