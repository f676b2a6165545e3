"""Shares of developers who can't be paid yet: kept for their GitHub account, then paid, or returned in the end."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.people import with_fee
from bountyhub.cli.demo.stage import REPOSITORY, Stage
from bountyhub.cli.demo.task import Task

STORY = "kept share"


def kept_then_paid(stage: Stage) -> Iterator[int]:
    """Somebody who never signed in: the merge keeps the money for them, and connecting pays it."""
    with stage.step(STORY, "Finn, who has never signed in, opens a pull request; the check run says it would be kept"):
        task, number = _funded_pull(stage, "finn", 3000)
        task.wait_check(number, f"Merging this keeps 30 € of #{task.issue} for @finn")
    with stage.step(STORY, "merged: 30 € are kept for his GitHub account, say page, JSON, comment and check run"):
        stage.merge_and_release(task, number, 3000)
        task.wait_sentence("30 € are kept for @finn until")
        task.same_everywhere(number)
        task.wait_check(number, f"30 € of #{task.issue} are kept for @finn")
    with stage.step(STORY, "Finn signs in, connects a payout account, and is paid"):
        finn = stage.person("finn")
        finn.sign_in()
        finn.browser.open("/me").require("30 € wait for you")
        finn.connect()
        task.wait_paid(3000)
        stage.script.paid["finn"] += 3000
        stage.mail(finn.email, "Paid: 30.00 EUR")
    yield from ()


def kept_then_returned(stage: Stage) -> Iterator[int]:
    """Somebody who never comes: after 85 days the money goes back by itself."""
    with stage.step(STORY, "Gil's pull request is merged, 11 € are kept for him"):
        task, number = _funded_pull(stage, "gil", 1100)
        stage.merge_and_release(task, number, 1100)
        task.wait_sentence("11 € are kept for @gil")
    yield 85
    with stage.step(STORY, "nobody came: after 85 days the 11 € and their fee went back to Cleo"):
        task.wait_for("completed")
        task.wait_sentence("11 € kept for @gil went back to the backers.")
        task.wait_returned()
        stage.give_back("cleo@example.test", 1100)
        stage.mail("cleo@example.test", f"{with_fee(1100) / 100:.2f} EUR go back", "could not be paid in the time")


def _funded_pull(stage: Stage, login: str, cents: int) -> tuple[Task, int]:
    stage.control("github/create_person", login=login, name=login.title())
    task = stage.new_task(f"Something that {login.title()} can do")
    stage.person("cleo").fund(task, cents)
    number = stage.person(login).open_pull(REPOSITORY, "Done", f"Fixes #{task.issue}")
    task.wait_claim(number, "linked", shown=True)
    return task, number
