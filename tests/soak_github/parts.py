"""What one process of a soak does; the pool of `__main__` finds it by name."""

from __future__ import annotations

from tests.soak_github.hunt import Found, hunt_all
from tests.soak_github.planted import FAULTS
from tests.soak_github.run import Result, play, template


def soak_part(seed: int, numbers: list[int]) -> list[Result]:
    """Some histories of a seed, in this process."""
    with template() as at:
        return [play(at, f"{seed}/{number}") for number in numbers]


def hunt_part(place: int, of: int) -> list[Found]:
    """Every so many-th of the planted faults."""
    with template() as at:
        return hunt_all(at, FAULTS[place::of])
