"""The hunt for planted faults: each is planted into the second play of one drawn history after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.soak_github.perfect import Played
from tests.soak_github.planted import FAULTS, Fault
from tests.soak_github.run import Place, draw, play_again

#: In so many histories every planted fault must show itself.
MOST = 12


@dataclass(frozen=True)
class Found:
    """A planted fault, in which history it was found (0: in none), and by what."""

    fault: str
    histories: int
    by: str


def histories(at: Place, many: int = MOST) -> list[Played]:
    """Drawn once for all faults; one that ends otherwise without any would find all of them."""
    drawn = [draw(at, f"hunt/{number}")[1] for number in range(many)]
    return [played for played in drawn if played is not None and not play_again(at, played).wrong]


def hunt(at: Place, fault: Fault, drawn: Sequence[Played]) -> Found:
    """Until it is found; what only ends in an error counts too, for nothing else would end so."""
    for number, played in enumerate(drawn, 1):
        try:
            wrong = play_again(at, played, fault.plant).wrong
        except Exception as error:  # noqa: BLE001  (whatever a planted fault breaks)
            wrong = [f"{type(error).__name__}: {error}"]
        if wrong:
            return Found(fault.name, number, wrong[0])
    return Found(fault.name, 0, "")


def hunt_all(at: Place, faults: Sequence[Fault] = FAULTS) -> list[Found]:
    """Every fault."""
    drawn = histories(at)
    return [hunt(at, fault, drawn) for fault in faults]
