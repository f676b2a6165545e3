"""The main loop as its people play it over HTTP, in phases; each can be begun again at any point.

Ana maintains, Cleo pays and takes back, Bo builds and is paid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.crash.instance import Instance
from tests.crash.person import Person

REPOSITORY, ISSUE = "ana/inkwell", 1
CARD = "4242424242424242"
TASK = "/tasks/1"


@dataclass
class Stage:
    """The instance and its people."""

    instance: Instance
    ana: Person = field(init=False)
    bo: Person = field(init=False)
    cleo: Person = field(init=False)
    pull: int = 0
    merged: str = ""

    def __post_init__(self) -> None:
        self.ana, self.bo, self.cleo = (Person(self.instance, login) for login in ("ana", "bo", "cleo"))

    def task(self) -> dict[str, Any]:
        """The task as its JSON says."""
        found: dict[str, Any] = self.cleo.get(f"/api/v1{TASK}").json()
        return found

    def on_github(self, action: str, **given: Any) -> dict[str, Any]:
        """Something a person does there; the stand-in is never killed."""
        url = f"{self.instance.sandbox}/github/control/{action}"
        answer = requests.post(url, json={"repo": REPOSITORY, **given}, timeout=10)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def wait(self, what: str, done: Callable[[dict[str, Any]], bool]) -> None:
        """Look at the task until it is so, and nothing is on its way any more."""
        self.instance.wait_until(lambda: done(self.task()), what)


def open_task(stage: Stage) -> None:
    """Ana installs the App and opens an issue to funding; all three sign in."""
    stage.instance.start()
    for person in (stage.ana, stage.bo, stage.cleo):
        person.sign_in()
    stage.on_github("install", account="ana", **{"as": "ana"})
    stage.instance.wait_until(lambda: True, "the App is known")
    form = stage.ana.get("/tasks/new")
    issue = f"{stage.instance.sandbox}/github/{REPOSITORY}/issues/{ISSUE}"
    stage.ana.submit(form, "/tasks/new", issue_url=issue)
    stage.wait("an open task", lambda task: task["state"] == "open")


def fund(stage: Stage, amount: str) -> None:
    """Cleo pays by card."""
    form = stage.cleo.get(f"{TASK}/fund")
    checkout = stage.cleo.submit(form, f"{TASK}/fund", amount=amount, consent="on")
    action = checkout.url.removeprefix(stage.instance.sandbox)
    thanks = stage.cleo.submit(checkout, action, number=CARD)
    assert "/paid/" in thanks.url, f"{thanks.url}\n{thanks.text[:2000]}"
    minor = int(amount) * 100
    stage.wait(f"{amount} held", lambda task: any(c["held"]["amount_minor"] == minor for c in task["contributions"]))


def pay(stage: Stage) -> None:
    """The first contribution."""
    fund(stage, "50")


def pay_more(stage: Stage) -> None:
    """A second one, to be taken back."""
    fund(stage, "20")


def withdraw(stage: Stage) -> None:
    """Cleo takes the second contribution back."""
    action = "/contributions/2/withdraw"
    page = stage.cleo.get("/contributions/2")
    if action in page.text:
        stage.cleo.submit(page, action)
    stage.wait("20 returned", lambda task: task["contributions"][1]["state"] == "closed")


def propose(stage: Stage) -> None:
    """Bo opens a pull request; it is linked and shown."""
    opened = stage.on_github("open_pull_request", title="Do it", body=f"Fixes #{ISSUE}", **{"as": "bo"})
    stage.pull = opened["number"]
    stage.wait("a shown claim", lambda task: bool(task["claims"] and task["claims"][0]["shown_at"]))


def connect(stage: Stage) -> None:
    """Bo connects a payout account."""
    form = stage.bo.submit(stage.bo.get("/me"), "/me/payout-account", country="DE")
    if "/stripe/onboarding/" in form.url:
        stage.bo.submit(form, form.url.removeprefix(stage.instance.sandbox), ending="finished", country="DE")
    stage.instance.wait_until(lambda: "/me/payout-account" not in stage.bo.get("/me").text, "a connected account")


def merge(stage: Stage) -> None:
    """Ana merges."""
    stage.on_github("merge", number=stage.pull, **{"as": "ana"})


def released(stage: Stage) -> None:
    """Merged, released and paid."""
    merge(stage)
    stage.wait("everything paid", lambda task: task["state"] == "completed")


def kept(stage: Stage) -> None:
    """Merged, and kept for Bo, who can't be paid yet."""
    merge(stage)
    stage.wait("a kept share", lambda task: task["totals"]["kept"]["amount_minor"] == 5000)


def paid(stage: Stage) -> None:
    """Bo connects and gets what was kept."""
    connect(stage)
    stage.wait("everything paid", lambda task: task["state"] == "completed")


def merge_alone(stage: Stage) -> None:
    """Eve merges what she wrote herself: its window begins."""
    opened = stage.on_github("open_pull_request", title="Do it", body=f"Fixes #{ISSUE}", **{"as": "eve"})
    stage.pull = opened["number"]
    stage.wait("a shown claim", lambda task: bool(task["claims"] and task["claims"][0]["shown_at"]))
    stage.merged = stage.on_github("merge", number=stage.pull, **{"as": "eve"})["sha"]
    stage.wait("a window", _claim_is("window"))


def reverted(stage: Stage) -> None:
    """What was merged is reverted, which blocks it, and then merged again."""
    taken_back = stage.merged
    for state in ("blocked", "window"):
        message = f"Back\n\nThis reverts commit {taken_back}."
        taken_back = stage.on_github("push", messages=[message], **{"as": "ana"})["commits"][0]
        stage.wait(state, _claim_is(state))


def _claim_is(state: str) -> Callable[[dict[str, Any]], bool]:
    return lambda task: bool(task["claims"][0]["state"] == state)


@dataclass(frozen=True)
class Phase:
    """What comes before, what is killed, and what the books must hold afterwards (minor units by kind)."""

    before: tuple[Callable[[Stage], None], ...]
    play: Callable[[Stage], None]
    transfers: tuple[int, ...] = ()
    refunds: tuple[int, ...] = ()
    payments: tuple[int, ...] = (5275,)


PHASES: Mapping[str, Phase] = {
    "pay": Phase((open_task,), pay),
    "refund": Phase((open_task, pay, pay_more), withdraw, refunds=(2125,), payments=(5275, 2125)),
    "release": Phase(
        (open_task, pay, pay_more, withdraw, propose, connect), released,
        transfers=(5000,), refunds=(2125,), payments=(5275, 2125),
    ),
    "transfer": Phase((open_task, pay, propose, kept), paid, transfers=(5000,)),
    "revert": Phase((open_task, pay, merge_alone), reverted),
}  # fmt: skip
