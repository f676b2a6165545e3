"""What a forge lists of a repository for its maintainers to choose from; part of `ports.forge.Forge`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bountyhub.ports.forge import IssueInfo


@dataclass(frozen=True)
class LabelInfo:
    """A label of a repository; `id` stays when it is renamed."""

    id: int
    name: str


@dataclass(frozen=True)
class MilestoneInfo:
    """An open milestone of a repository."""

    number: int
    title: str


@dataclass(frozen=True)
class Narrowed:
    """Which of the open issues: with a label (its name), in a milestone (its number), or, both empty, all."""

    label: str = ""
    milestone: int = 0


class ForgeLists(Protocol):
    """Lists of a repository, by its id. Every method may raise the errors of `ports.errors`."""

    def open_issues(self, repository: int, page: int = 1) -> list[IssueInfo]:
        """Open issues (no pull requests), newest first, 30 a page."""

    def open_items(self, repository: int, page: int, narrowed: Narrowed) -> list[IssueInfo]:
        """One page (from 1) of everything open, 100 of them, newest first, pull requests too; fewer: the last page."""

    def labels(self, repository: int) -> list[LabelInfo]:
        """Its labels, at most 300."""

    def milestones(self, repository: int) -> list[MilestoneInfo]:
        """Its open milestones, at most 300."""
