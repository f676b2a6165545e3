"""What a history is made of: rounds of steps, each with the moment at which it happens in both plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.soak_github.plans import USUAL, Weather

Body = dict[str, Any]


@dataclass(frozen=True)
class Touch:
    """Whose order decides: two steps of one round may touch the same only where it comes to the same in any order.

    `last`: only the last state counts. `alone`: no other step of the round may touch it. `ends`: no later one may.
    """

    last: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()

    def all(self) -> frozenset[str]:
        """Everything touched."""
        return self.last | self.alone | self.ends


@dataclass(frozen=True)
class Step:
    """One thing somebody does, in words that mean the same in both plays."""

    kind: str
    action: str
    given: Body
    at: datetime
    touch: Touch = Touch()
    #: Its delivery is the only word of it: it may be late within its round, but must arrive.
    must_arrive: bool = False
    #: The comment it writes is known by this name.
    name: str = ""

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M:%S} {self.kind}: {self.action} {self.given}"


@dataclass
class Round:
    """Time passes, people use the site, then GitHub; in the end everything is at rest again."""

    begins: datetime
    ours: list[Step] = field(default_factory=list)
    theirs: list[Step] = field(default_factory=list)


@dataclass
class History:
    """What a seed decided."""

    seed: str
    weather: Weather = USUAL
    rounds: list[Round] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """All of them, in order."""
        return [step for one in self.rounds for step in (*one.ours, *one.theirs)]


class Book:
    """What the steps of a round have touched so far."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.closed: set[str] = set()

    def allows(self, touch: Touch) -> bool:
        """Whether another step may come into this round."""
        return not touch.all() & self.closed and not touch.alone & self.used

    def note(self, touch: Touch) -> None:
        """It came."""
        self.used |= touch.all()
        self.closed |= touch.alone | touch.ends
