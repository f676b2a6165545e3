"""The hunt for planted faults: each is planted into the second play of one drawn history after the other.

The first histories are directed at it: their steps and their weather make its situation certain.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

from tests.soak_github.perfect import Played
from tests.soak_github.plans import ANYTHING, Plan
from tests.soak_github.planted import Fault
from tests.soak_github.run import Place, draw, play_again

#: In so many histories directed at it, and in so many others, every planted fault must show itself.
DIRECTED, OTHERS = 4, 4


@dataclass(frozen=True)
class Found:
    """A planted fault, in which history it was found (0: in none), and by what."""

    fault: str
    histories: int
    by: str
    seconds: float = 0.0


@cache
def drawn(at: Place, plan: Plan, number: int) -> Played | None:
    """Drawn once for all faults of a process."""
    return draw(at, f"hunt/{plan.name}/{number}", plan)[1]


@cache
def is_sound(at: Place, plan: Plan, number: int) -> bool:
    """One that ends otherwise without any fault would find all of them."""
    played = drawn(at, plan, number)
    return played is not None and not play_again(at, played).wrong


def hunt(at: Place, fault: Fault) -> Found:
    """Until it is found; what only ends in an error counts too, for nothing else would end so."""
    began = time.monotonic()
    with fault.plant():  # one that can't be planted is no fault that was found
        pass
    histories = [(fault.plan, number) for number in range(DIRECTED)]
    histories += [(ANYTHING, number) for number in range(OTHERS)]
    for place, (plan, number) in enumerate(histories, 1):
        wrong = _wrong(at, fault, plan, number)
        if wrong and is_sound(at, plan, number):
            return Found(fault.name, place, wrong, time.monotonic() - began)
    return Found(fault.name, 0, "", time.monotonic() - began)


def _wrong(at: Place, fault: Fault, plan: Plan, number: int) -> str:
    played = drawn(at, plan, number)
    if played is None:
        return ""
    try:
        wrong = play_again(at, played, fault.plant).wrong
    except Exception as error:  # noqa: BLE001  (whatever a planted fault breaks)
        return f"{type(error).__name__}: {error}"
    return wrong[0] if wrong else ""
