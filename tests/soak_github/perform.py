"""One step, done the same way in both plays; and how an instance comes to rest."""

from __future__ import annotations

from datetime import timedelta

from bountyhub.bot import texts
from tests.soak_github import app_steps
from tests.soak_github.instance import OF_TIME, RECONCILING, Body, Instance
from tests.soak_github.model import Step

#: Longer than GitHub's weather asks us to wait.
PAUSE = timedelta(seconds=90)


def perform(instance: Instance, step: Step) -> str:
    """What came of it in a word."""
    if step.action in app_steps.OURS:
        return app_steps.do(step.action, step.given)
    given = _given(instance, step.given)
    if given is None:
        return "nothing there"
    outcome, answer = instance.press(step.action, given)
    if step.name and outcome == "done":
        instance.comments[step.name] = answer["id"]
    return outcome


def _given(instance: Instance, given: Body) -> Body | None:
    """With the numbers that comments have in this play."""
    if "comment" in given:
        id = instance.comments.get(given["comment"])
        return None if id is None else given | {"id": id}
    if "status_of" in given:
        with instance.world() as world:
            docs = world.tx.all("gh_comment", ref=f"{given['repo']}/{given['status_of']}")
        found = [doc["id"] for doc in docs if texts.MARKER in doc["body"]]
        return given | {"id": found[0]} if found else None
    return given


def time_passed(instance: Instance) -> None:
    """What waited for its day comes to it."""
    instance.work()
    instance.sweep(OF_TIME)
    instance.work()


def settle(instance: Instance, *, reconciled: bool = True) -> None:
    """Good weather: what no delivery told is found, and nothing is left to do."""
    instance.wire.bad_weather = False
    instance.moment.reach(instance.moment.now + PAUSE)
    instance.work()
    if reconciled:
        instance.sweep(RECONCILING)
    instance.work()
