"""What people do on the site between two rounds at GitHub, drawn from what the perfect play knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.soak_github.view import View

Body = dict[str, Any]
#: A step and what is given to it; None where there is nothing to do it to.
Own = tuple[str, Body]
AMOUNTS = (500, 1234, 2500, 5000, 9999)


def make_task(view: View) -> Own | None:
    found, who = view.item(pulls=False, state="open"), view.who("ana", "eve")
    if found is None or not who or (found[0]["id"], found[1]["number"]) in view.tasks:
        return None
    return "make_task", {"repo": found[0]["id"], "number": found[1]["number"], "who": who}


def fund(view: View) -> Own | None:
    who = view.who("cleo", "dara", "eve")
    if not view.tasks or not who:
        return None
    return "fund", {"task": view.rng.randrange(len(view.tasks)), "who": who, "amount": view.rng.choice(AMOUNTS)}


def withdraw(view: View) -> Own | None:
    place = view.choice(view.held())
    return None if place is None else ("withdraw", {"contribution": place})


def cancel(view: View) -> Own | None:
    who = view.who("ana")
    if not view.tasks or not who:
        return None
    return "cancel", {"task": view.rng.randrange(len(view.tasks)), "who": who}


def object_to(view: View) -> Own | None:
    found, who = view.choice(view.claims("window")), view.who("cleo", "dara")
    if found is None or not who:
        return None
    return "object_to", {"repo": found[0], "number": found[1], "who": who}


OWN: dict[Callable[[View], Own | None], int] = {make_task: 10, fund: 14, withdraw: 3, cancel: 1, object_to: 5}
