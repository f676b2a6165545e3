"""What one process of a soak does; the pool of `__main__` finds it by name."""

from __future__ import annotations

from contextlib import ExitStack

from tests.soak_github.hunt import Found, hunt
from tests.soak_github.planted import FAULTS
from tests.soak_github.run import Place, Result, play, template

_life = ExitStack()
_places: list[Place] = []


def begin() -> None:
    """Called once in each process; its folder lasts as long as the process."""
    _places.append(_life.enter_context(template()))


def soak_one(seed: int, number: int) -> Result:
    """One history of a seed."""
    return play(_places[0], f"{seed}/{number}")


def hunt_one(place: int) -> Found:
    """One of the planted faults."""
    return hunt(_places[0], FAULTS[place])


def end() -> None:
    """Removes the folder of this process."""
    _life.close()
