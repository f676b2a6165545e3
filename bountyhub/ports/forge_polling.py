"""What is asked of a forge again and again, for what its webhooks didn't tell; part of `ports.forge.Forge`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class ChangedItem:
    """An issue or pull request that something happened to: what reconciliation reads again."""

    number: int
    is_pull_request: bool
    updated_at: datetime


@dataclass(frozen=True)
class Changes(Generic[T]):
    """What a list says since a moment, oldest change first; `since` is where the next read begins.

    `etag` is the forge's mark of the list since then, empty where it must be read in full the next time.
    """

    items: tuple[T, ...]
    since: datetime
    etag: str = ""


@dataclass(frozen=True)
class Attempt:
    """One try of the forge to hand over a webhook; all tries of one delivery share its `guid`. Protocol time."""

    id: int
    guid: str
    event: str
    delivered_at: datetime
    taken: bool


@dataclass(frozen=True)
class Attempts:
    """A page of tries, newest first; `cursor` asks for the page before it, empty where there is none."""

    items: Sequence[Attempt]
    cursor: str = ""


class PollingForge(Protocol):
    """Every method may raise the errors of `ports.errors`."""

    def changed_issues(self, repository: int, since: datetime, etag: str = "") -> Changes[ChangedItem]:
        """Issues and pull requests touched since a moment (business time), whatever their state; none where the list
        still is what `etag` stands for."""

    def attempts(self, cursor: str = "") -> Attempts:
        """A page of what the forge tried to tell us in the last days."""

    def send_again(self, attempt: int) -> None:
        """Ask for a delivery once more, by one of its tries; raises OutsideGone, OutsideRefused when it is too old."""
