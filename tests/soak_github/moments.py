"""One made-up time for both sides: the application's two clocks and the times that the stand-in gives its objects.

Tokens and their signatures go by the real clock on both sides, so nothing runs out while a history plays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self
from unittest.mock import patch

from bountyhub.kit import clock
from bountyhub.sandbox.clock import SandboxClock

#: When every history begins; the stand-in's first objects are up to 400 days older.
BEGINNING = datetime(2027, 3, 1, 6, tzinfo=UTC)


class Moment:
    """What time it is; moved by whoever plays, never back."""

    def __init__(self) -> None:
        self.now = BEGINNING

    def reach(self, at: datetime) -> None:
        """It is at least that late."""
        self.now = max(self.now, at)

    def tick(self) -> None:
        """A moment passes: what happens now is told from what happened before."""
        self.now += timedelta(milliseconds=1)


@contextmanager
def made_up() -> Iterator[Moment]:
    """Both sides read this moment."""
    moment = Moment()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            moment.tick()
            return cls.fromtimestamp(moment.now.timestamp(), tz)

    with (
        patch.object(clock, "datetime", Clock),
        patch.object(clock, "_offset", timedelta(0)),
        patch.object(SandboxClock, "now", lambda _: int(moment.now.timestamp())),
    ):
        yield moment
