"""Keeps the record of what was played: a line a step, with its time, and what the play expects of the money."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bountyhub.cli.demo.errors import DemoFailed

T = TypeVar("T")
PATIENCE = 20
#: Seconds until looking again, growing: what is quick is seen soon, what is slow is left in peace.
FIRST_LOOK, LAST_LOOK = 0.03, 0.4


@dataclass(frozen=True)
class Step:
    """One thing that was done and seen to work."""

    day: int
    story: str
    text: str
    seconds: float


@dataclass
class Script:
    """`say` gets each line as it happens. In cents: `paid` by payee's login, `returned` each refund (address, sum)."""

    say: Callable[[str], None]
    steps: list[Step] = field(default_factory=list)
    day: int = 0
    paid: Counter[str] = field(default_factory=Counter)
    returned: Counter[tuple[str, int]] = field(default_factory=Counter)
    #: Seconds from pressing the merge button until everybody can see its release.
    releases: list[float] = field(default_factory=list)

    @property
    def returned_cents(self) -> int:
        """The sum of what goes back."""
        return sum(cents for _, cents in self.returned.elements())

    @contextmanager
    def step(self, story: str, text: str) -> Iterator[None]:
        """Do one thing; its line is said when it worked. Raises DemoFailed naming the step."""
        began = time.perf_counter()
        try:
            yield
        except DemoFailed as failed:
            self.say(f"✗ {text}")
            raise DemoFailed(f"{story}: {text}: {failed}") from failed
        seconds = time.perf_counter() - began
        self.steps.append(Step(self.day, story, text, round(seconds, 3)))
        self.say(f"✓ {text} ({seconds:.2f} s)")


def until(what: str, look: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Look again and again until there is something; raises DemoFailed naming what did not come."""
    deadline, pause = time.monotonic() + patience, FIRST_LOOK
    while not (found := look()):
        if time.monotonic() > deadline:
            raise DemoFailed(f"waited {patience} s in vain until {what}")
        time.sleep(pause)
        pause = min(pause * 1.4, LAST_LOOK)
    return found
