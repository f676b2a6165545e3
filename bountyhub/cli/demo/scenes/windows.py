"""Merges by the payee: seven days in which backers and deciders may object, and each way an objection ends."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.people import with_fee
from bountyhub.cli.demo.stage import REPOSITORY, Stage
from bountyhub.cli.demo.task import Task

STORY = "window"


def quiet(stage: Stage) -> Iterator[int]:
    """Nobody objects."""
    task, number, _ = _merged_by_payee(stage, 600)
    with stage.step(STORY, "page, JSON, comment, check run and mail say until when one may object"):
        task.wait_sentence("6 € go to @eve on", "unless somebody entitled objects")
        sentence = task.same_everywhere(number)
        stage.mail("cleo@example.test", "Merged, objections are possible", f"What happens next: {sentence}")
    yield 7
    with stage.step(STORY, "nobody objected in 7 days: Eve is paid"):
        _paid(stage, task, 600)


def objection_withdrawn(stage: Stage) -> Iterator[int]:
    """A decider objects by a comment and takes it back."""
    ana = stage.person("ana")
    task, number, claim = _merged_by_payee(stage, 610)
    with stage.step(STORY, "Ana comments /object: everything is blocked, and everybody reads why"):
        ana.comment(REPOSITORY, number, "/object It does not start.")
        task.wait_claim(number, "blocked")
        sentence = task.same_everywhere(number)
        stage.mail("cleo@example.test", "It does not start.", f"What happens next: {sentence}")
        stage.visitor.open(f"/claims/{claim}").require("It does not start.")
    with stage.step(STORY, "she withdraws it: the window goes on where it was"):
        ana.browser.press(ana.claim_page(claim), "Withdraw my objection")
        task.wait_claim(number, "window")
        task.same_everywhere(number)
    yield 7
    with stage.step(STORY, "the window ended: Eve is paid"):
        _paid(stage, task, 610)


def overruled_by_decider(stage: Stage) -> Iterator[int]:
    """A backer with a third of the money blocks the whole; a decider not on the author side releases."""
    ana = stage.person("ana")
    task, number, claim = _merged_by_payee(stage, 620)
    with stage.step(STORY, "Cleo, whose money it is, objects; Ana overrules with a reason: Eve is paid at once"):
        _object(stage, task, number, claim)
        ana.browser.press(ana.claim_page(claim), "Overrule", reason="It does what the issue asks.")
        _paid(stage, task, 620)
        stage.mail("cleo@example.test", "Objection overruled", "It does what the issue asks.")
    yield from ()


def upheld_by_decider(stage: Stage) -> Iterator[int]:
    """A backer with less than a third sets her own part aside; a decider gives it back, the rest is paid."""
    ana, dara = stage.person("ana"), stage.person("dara")
    task, number, claim = _merged_by_payee(stage, 2000, of_dara=500)
    with stage.step(STORY, "Dara, with 5 of 25 €, objects: her own part is set aside, the window goes on"):
        dara.object(claim, "Not what I asked for.")
        task.wait_claim(number, "window")
    with stage.step(STORY, "Ana upholds it: Dara's part goes back to her card"):
        ana.browser.press(ana.claim_page(claim), "Uphold: their part goes back", reason="Dara is right.")
        stage.mail(dara.email, f"{with_fee(500) / 100:.2f} EUR go back", "objection was upheld")
        stage.give_back(dara.email, 500)
        task.wait_held(2000)
    yield 7
    with stage.step(STORY, "the window ended: Eve is paid the rest"):
        _paid(stage, task, 2000)


def released_by_operator(stage: Stage) -> Iterator[int]:
    """`bountyhub settle … release`."""
    task, number, claim = _merged_by_payee(stage, 640)
    with stage.step(STORY, "Cleo objects; the operator runs bountyhub settle … release: Eve is paid"):
        _object(stage, task, number, claim)
        stage.instance.command("settle", str(claim), "release", "--reason", "Both sides were heard.")
        _paid(stage, task, 640)
        stage.visitor.open(f"/claims/{claim}").require("Both sides were heard.")
    yield from ()


def refused_by_operator(stage: Stage) -> Iterator[int]:
    """`bountyhub settle … refuse`: the task is open again, and ends since its issue is closed."""
    task, number, claim = _merged_by_payee(stage, 650)
    with stage.step(
        STORY, "Cleo objects; the operator runs bountyhub settle … refuse: nobody is paid, the task is open"
    ):
        _object(stage, task, number, claim)
        stage.instance.command("settle", str(claim), "refuse", "--reason", "It is empty.")
        task.wait_claim(number, "refused")
        task.wait_sentence("If no pull request is merged by", "6.50 € go back")
        task.same_everywhere()
    yield 14
    with stage.step(STORY, "14 days later its issue is still closed: cancelled, and Cleo has everything back"):
        task.wait_for("cancelled")
        task.wait_returned()
        stage.give_back("cleo@example.test", 650)


def facts_closed(stage: Stage) -> Iterator[int]:
    """Nobody decides in 14 days and the issue is closed: delivered."""
    task, number, claim = _merged_by_payee(stage, 660)
    with stage.step(STORY, "Cleo objects and nobody decides"):
        _object(stage, task, number, claim)
        task.same_everywhere(number)
    yield 14
    with stage.step(STORY, "14 days later the facts decide: the issue is closed, Eve is paid"):
        _paid(stage, task, 660)
        stage.visitor.open(f"/claims/{claim}").require("the issue is closed")


def facts_open(stage: Stage) -> Iterator[int]:
    """Nobody decides in 14 days and the issue is open again: not delivered."""
    task, number, claim = _merged_by_payee(stage, 670)
    with stage.step(STORY, "Cleo objects, Ana reopens the issue, and nobody decides"):
        _object(stage, task, number, claim)
        stage.person("ana").reopen(REPOSITORY, task.issue)
    yield 14
    with stage.step(STORY, "14 days later the facts decide: the issue is open, Cleo has her money back"):
        task.wait_returned()
        stage.give_back("cleo@example.test", 670)
        stage.visitor.open(f"/claims/{claim}").require("the issue is open")
        task.same_everywhere()


def _merged_by_payee(stage: Stage, cents: int, *, of_dara: int = 0) -> tuple[Task, int, int]:
    """Cleo (and Dara) fund a task, Eve opens a pull request and merges it herself."""
    eve = stage.person("eve")
    with stage.step(STORY, f"Eve merges her own pull request for {(cents + of_dara) / 100:g} €: a window of 7 days"):
        task = stage.new_task("Something Eve merges herself")
        stage.person("cleo").fund(task, cents)
        if of_dara:
            stage.person("dara").fund(task, of_dara)
        number = eve.open_pull(REPOSITORY, "Mine", f"Fixes #{task.issue}")
        task.wait_claim(number, "linked", shown=True)
        eve.merge(REPOSITORY, number)
        claim = task.wait_claim(number, "window")
    return task, number, int(claim["id"])


def _object(stage: Stage, task: Task, number: int, claim: int) -> None:
    stage.person("cleo").object(claim, "It is not what the issue asks.")
    task.wait_claim(number, "blocked")


def _paid(stage: Stage, task: Task, cents: int) -> None:
    task.wait_paid(cents)
    stage.script.paid["eve"] += cents
