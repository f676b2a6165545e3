"""The main loop: an issue is funded by two backers, its pull request is merged, the developer is paid."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.people import ASKS_THE_BANK, DECLINED, link_in
from bountyhub.cli.demo.script import until
from bountyhub.cli.demo.stage import REPOSITORY, Stage
from bountyhub.cli.demo.task import Task

STORY = "main loop"


def main_loop(stage: Stage) -> Iterator[int]:
    """Steps 1 to 5, in one go."""
    _arrive(stage)
    task = _make_tasks(stage)
    _fund_signed_out(stage, task)
    _fund_signed_in(stage, task)
    with stage.step(STORY, "the bot keeps one comment: 75 € by 2 backers, with the sentence of page and JSON"):
        task.wait_comment("75 € held for this issue by 2 backers")
        task.same_everywhere()
    number = _open_pull(stage, task)
    _merge(stage, task, number)
    _everybody_knows(stage, task, number)
    yield from ()


def _arrive(stage: Stage) -> None:
    ana = stage.person("ana")
    with stage.step(STORY, "Ana signs in with GitHub and installs the App on her repositories"):
        ana.sign_in()
        ana.install_app().require("inkwell")
    with stage.step(STORY, "Eve and Dara sign in with GitHub; Eve connects a payout account"):
        stage.person("dara").sign_in()
        stage.person("eve").sign_in()
        stage.person("eve").connect()


def _make_tasks(stage: Stage) -> Task:
    ana = stage.person("ana")
    with stage.step(STORY, "an issue becomes a task by its address; nobody has funded it yet"):
        task = ana.make_task(stage, f"{ana.github}/{REPOSITORY}/issues/1")
        task.wait_for("open")
        task.wait_sentence("Nobody has funded this yet")
        task.same_everywhere()
    with stage.step(STORY, "another becomes one from the list of the repository's issues"):
        project = ana.browser.open(ana.browser.open("/projects").link("inkwell"))
        listed = ana.browser.open(ana.browser.open(project.link("Desk")).link("Make tasks from issues"))
        stage.task_at(ana.browser.press(listed, "Make a task").url).wait_for("open")
    with stage.step(STORY, "the issue's title is edited on GitHub, and the task follows by a webhook"):
        issue = ana.visit_github(f"{REPOSITORY}/issues/1")
        ana.browser.press(issue, "Save changes", title="EPUB: footnotes at the end of each chapter")
        until("the task has the new title", lambda: task.seen()["title"].startswith("EPUB:"))
    return task


def _fund_signed_out(stage: Stage, task: Task) -> None:
    cleo = stage.person("cleo")
    with stage.step(STORY, "Cleo, signed out, funds it: 50.00 + 2.75 = 52.75 by card, and her receipt comes by mail"):
        cleo.fund(task, 5000, email=cleo.email).require("52.75")
        receipt = stage.mail(cleo.email, "Receipt: 50.00 EUR", "52.75", task.wait_held(5000)["next_step"]["text"])
    with stage.step(STORY, "the receipt's link opens her contribution, with a way to take it back"):
        page = cleo.browser.open(link_in(receipt["text"], "/c/"))
        page.button("Take it back")
    with stage.step(STORY, "a mailed link signs her in, and the contribution is hers"):
        cleo.sign_in_by_mail(stage)
        cleo.contribution_on(task).require("50")


def _fund_signed_in(stage: Stage, task: Task) -> None:
    dara = stage.person("dara")
    with stage.step(STORY, "Dara, signed in, adds 25 € anonymously, after a declined card and a question of her bank"):
        checkout = dara.begin_to_fund(task, 2500, anonymous=True)
        checkout.pay(DECLINED).require("declined")
        asked = checkout.pay(ASKS_THE_BANK).require("Your bank asks")
        dara.see_thanks(dara.browser.press(asked, "Yes, complete the payment"))
        seen = task.wait_held(7500)
        hidden = [given["backer"] for given in seen["contributions"] if given["anonymous"]]
        if any(hidden) or stage.visitor.open(f"{task.path}?tab=contributions").says("dara"):
            raise DemoFailed("an anonymous backer is named")


def _open_pull(stage: Stage, task: Task) -> int:
    bo = stage.person("bo")
    with stage.step(STORY, "Bo opens a pull request that fixes the issue; its merge box says what merging does"):
        number = bo.open_pull(REPOSITORY, "Footnotes where they belong", "Fixes #1\n\nWith tests.")
        task.wait_claim(number, "linked", shown=True)
        task.wait_check(number, f"Merging this keeps 75 € of #{task.issue} for @bo until they connect")
    with stage.step(STORY, "Bo signs in and connects a payout account, and the merge box says: releases 75 € to @bo"):
        bo.sign_in()
        bo.connect()
        task.wait_check(number, f"Merging this releases 75 € of #{task.issue} to @bo")
    with stage.step(STORY, "page, JSON, comment, check run and mail show the same sentence"):
        sentence = task.same_everywhere(number)
        stage.mail("ana@example.test", f"#{number}", f"What happens next: {sentence}")
    return number


def _merge(stage: Stage, task: Task, number: int) -> None:
    with stage.step(STORY, "Ana merges, and the release is booked"):
        stage.merge_and_release(task, number, 7500)
    with stage.step(STORY, "the transfer is confirmed and the task completed"):
        task.wait_paid(7500)
        stage.script.paid["bo"] += 7500
        stage.person("bo").browser.open("/me").require("75.00", "Paid")


def _everybody_knows(stage: Stage, task: Task, number: int) -> None:
    with stage.step(STORY, "Cleo, Dara, Bo and Ana have mail about it"):
        for name in ("cleo", "dara", "ana"):
            stage.mail(f"{name}@example.test", "Merged: 75.00 EUR were released to @bo")
        stage.mail("bo@example.test", "You earned 75.00 EUR")
        stage.mail("bo@example.test", "Paid: 75.00 EUR", f"What happens next: {task.sentence}")
    with stage.step(STORY, "issue comment and check run say that Bo was paid, in the sentence of page and JSON"):
        task.wait_check(number, f"75 € of #{task.issue} were paid to @bo")
        if not task.same_everywhere(number).startswith("Paid 75 € to @bo"):
            raise DemoFailed(f"the last sentence is: {task.sentence}")
