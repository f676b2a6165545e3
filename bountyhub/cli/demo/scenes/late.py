"""Merges whose link was not shown before: late claims, confirmed by a maintainer or lapsed after 14 days."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.stage import REPOSITORY, Stage
from bountyhub.cli.demo.task import Task

STORY = "late claim"


def confirmed(stage: Stage) -> Iterator[int]:
    """`/claim` after the merge, `/confirm` by a maintainer, seven days, paid."""
    task, number = merged_unseen(stage, 900)
    with stage.step(STORY, "Bo comments /claim after the merge: a late claim, which a maintainer has to confirm"):
        stage.person("bo").comment(REPOSITORY, number, f"/claim #{task.issue}")
        task.wait_claim(number, "late")
        task.wait_sentence("has to confirm")
        sentence = task.same_everywhere(number)
        stage.mail("ana@example.test", f"Please confirm: #{number}", f"What happens next: {sentence}")
    with stage.step(STORY, "Ana comments /confirm: seven days for objections begin"):
        stage.person("ana").comment(REPOSITORY, number, "/confirm")
        task.wait_claim(number, "window")
        task.same_everywhere(number)
    yield 7
    with stage.step(STORY, "nobody objected: Bo is paid"):
        task.wait_paid(900)
        stage.script.paid["bo"] += 900


def lapsed(stage: Stage) -> Iterator[int]:
    """Claimed by the button on the task's page, confirmed by nobody."""
    bo, cleo = stage.person("bo"), stage.person("cleo")
    task, number = merged_unseen(stage, 800)
    with stage.step(STORY, "another late claim, made by the button on the task's page"):
        address = f"{bo.github}/{REPOSITORY}/pull/{number}"
        pulls = bo.browser.open(f"{task.path}?tab=pulls")
        bo.browser.press(pulls, "", to="/claim", pull_url=address)
        task.wait_claim(number, "late")
    yield 14
    with stage.step(STORY, "nobody confirmed it in 14 days: it is none, the task goes on, Cleo takes her money back"):
        task.wait_claim(number, "refused")
        task.wait_for("open")
        cleo.browser.press(cleo.contribution_on(task), "Take it back")
        task.wait_returned()
        stage.give_back(cleo.email, 800)


def merged_unseen(stage: Stage, cents: int) -> tuple[Task, int]:
    """A funded task, and a merged pull request that says nothing of it."""
    with stage.step(STORY, "Bo's pull request names no issue; it is merged, and nothing is paid for it"):
        task = stage.new_task("Something solved by the way")
        stage.person("cleo").fund(task, cents)
        number = stage.person("bo").open_pull(REPOSITORY, "Tidy up", "While I was there.")
        stage.person("ana").merge(REPOSITORY, number)
    return task, number
