"""The table of what happens at GitHub. A new kind of step is one function and one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.soak_github.model import Touch
from tests.soak_github.view import View


@dataclass(frozen=True)
class Drawn:
    """A button of the stand-in, what is given to it, and what it touches."""

    action: str
    given: dict[str, Any]
    touch: Touch
    must_arrive: bool = False
    named: bool = False


#: None where there is nothing to do it to.
Drawer = Callable[[View], Drawn | None]
#: Kind of step → how often it is drawn; 0: in directed histories only.
KINDS: dict[Drawer, int] = {}


def kind(weight: int) -> Callable[[Drawer], Drawer]:
    """Register a drawer of steps."""

    def register(drawer: Drawer) -> Drawer:
        KINDS[drawer] = weight
        return drawer

    return register


def name_of(drawer: Drawer) -> str:
    """Its name in tables."""
    return drawer.__name__.replace("_", " ")
