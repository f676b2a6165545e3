"""Backers take their money back, or its life ends: at once, by notice, too late, and by itself."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.people import link_in
from bountyhub.cli.demo.stage import REPOSITORY, Stage
from bountyhub.cli.demo.task import Task

STORY = "withdrawal"


def at_once(stage: Stage) -> Iterator[int]:
    """The link in the receipt is enough."""
    cleo = stage.person("cleo")
    with stage.step(STORY, "Cleo funds a task and takes the money back at once, by the link in her receipt"):
        task = stage.new_task("Something Cleo changes her mind about")
        cleo.fund(task, 1000)
        receipt = stage.mail(cleo.email, "Receipt: 10.00 EUR", task.path)
        stranger = stage.visitor
        page = stranger.open(link_in(receipt["text"], "/c/"))
        stranger.press(page, "Take it back")
        task.wait_returned()
        stage.give_back(cleo.email, 1000)
        stage.mail(cleo.email, "10.75 EUR go back", "You took it back")
        task.wait_comment("Nobody has funded this yet")
    yield from ()


def young_beside_a_pull(stage: Stage) -> Iterator[int]:
    """Younger than 14 days: a ready pull request is no reason to wait."""
    dara = stage.person("dara")
    task, number = _funded_pull(stage, 1600)
    with stage.step(STORY, "the pull request is ready, but the payment is young: Dara takes it back at once"):
        dara.browser.press(dara.contribution_on(task), "Take it back")
        task.wait_returned()
        stage.give_back(dara.email, 1600)
        stage.mail(dara.email, "17.05 EUR go back", "You took it back")
        task.wait_check(number, f"Nothing is held for #{task.issue} yet")
        task.same_everywhere(number)
    yield from ()


def by_notice(stage: Stage) -> Iterator[int]:
    """Older money with a ready pull request: seven days, then it goes back."""
    task, number = _funded_pull(stage, 2000)
    yield 15
    with stage.step(
        STORY, "15 days later, with a pull request ready, taking back needs a notice, shown in the merge box"
    ):
        _give_notice(stage, task)
        task.wait_check(number, "Merging this releases 20 €")
        stage.mail("dara@example.test", "Your notice for")
    yield 7
    with stage.step(STORY, "7 days later nothing was merged: the money went back"):
        task.wait_returned()
        stage.give_back("dara@example.test", 2000)
        stage.mail("dara@example.test", "21.25 EUR go back", "notice of seven days is over")
        task.wait_check(number, f"Nothing is held for #{task.issue} yet")
    with stage.step(STORY, "the pull request is merged afterwards: completed without money"):
        stage.person("ana").merge(REPOSITORY, number)
        task.wait_for("completed")
        task.same_everywhere(number)


def notice_loses(stage: Stage) -> Iterator[int]:
    """A merge inside the notice releases as if none were given."""
    task, number = _funded_pull(stage, 4000)
    yield 15
    with stage.step(STORY, "another backer gives notice, but the merge comes before its end and wins: Bo is paid"):
        _give_notice(stage, task)
        stage.merge_and_release(task, number, 4000)
        task.wait_paid(4000)
        stage.script.paid["bo"] += 4000


def life_over(stage: Stage) -> Iterator[int]:
    """Nobody builds it: 85 days, then everything goes back by itself."""
    with stage.step(STORY, "Dara funds a task that nobody works on"):
        task = stage.new_task("Something nobody works on")
        stage.person("dara").fund(task, 1500)
    yield 85
    with stage.step(STORY, "85 days later the money and its fee went back by themselves; the task is open again"):
        task.wait_returned()
        task.wait_for("open")
        stage.give_back("dara@example.test", 1500)
        stage.mail("dara@example.test", "16.00 EUR go back", "held for a limited time")
        task.same_everywhere()


def _funded_pull(stage: Stage, cents: int) -> tuple[Task, int]:
    with stage.step(STORY, f"Dara funds a task with {cents // 100} €, Bo opens a pull request"):
        task = stage.new_task("Something that takes its time")
        stage.person("dara").fund(task, cents)
        number = stage.person("bo").open_pull(REPOSITORY, "Slowly", f"Fixes #{task.issue}")
        task.wait_claim(number, "linked", shown=True)
    return task, number


def _give_notice(stage: Stage, task: Task) -> None:
    dara = stage.person("dara")
    dara.browser.press(dara.contribution_on(task), "Give notice to take it back").require("Notice given")
