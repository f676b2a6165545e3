"""What a soak counts: steps by event and by what came of them, and reasons of refusals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.soak_ledger.calls import FUNCTIONS, Call
from tests.soak_ledger.model import Again, Booked, Outcome, Refused

Row = tuple[str, int, int, int]


@dataclass
class Figures:
    """How many steps of each event were accepted, returned what was booked before, or were refused and as what."""

    accepted: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    races: int = 0

    def count(self, call: Call, expected: Outcome, got: str | None) -> None:
        """One step more."""
        which = {Booked: self.accepted, Again: self.again, Refused: self.refused}[type(expected)]
        which[call.event] += 1
        if got is not None:
            self.reasons[got] += 1

    def add(self, other: Figures) -> None:
        """Another book's."""
        for mine, its in (
            (self.accepted, other.accepted), (self.again, other.again), (self.refused, other.refused),
            (self.reasons, other.reasons),
        ):  # fmt: skip
            mine.update(its)
        self.races += other.races

    @property
    def steps(self) -> int:
        """All of them."""
        return self.accepted.total() + self.again.total() + self.refused.total()

    @property
    def share_accepted(self) -> float:
        """Of all steps, replays not counted as accepted."""
        return self.accepted.total() / self.steps if self.steps else 0.0

    @property
    def rarest(self) -> int:
        """How often the event that was accepted least often was."""
        return min(self.accepted[event] for event in FUNCTIONS)

    def rows(self) -> list[Row]:
        """(event, accepted, booked before, refused); reversals by hand last."""
        events = [*FUNCTIONS, "reversal"]
        return [(event, self.accepted[event], self.again[event], self.refused[event]) for event in events]
