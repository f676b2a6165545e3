"""Tasks that end without a merge: cancelled at once, cancelled in front of a ready pull request, paid too late."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.people import with_fee
from bountyhub.cli.demo.scenes.late import merged_unseen
from bountyhub.cli.demo.stage import REPOSITORY, Stage

STORY = "ending"


def cancelled_at_once(stage: Stage) -> Iterator[int]:
    """No pull request: everybody gets everything back; so does who pays after that."""
    cleo, dara, ana = stage.person("cleo"), stage.person("dara"), stage.person("ana")
    with stage.step(STORY, "Cleo funds a task, Dara is on the payment page: Ana cancels it, Cleo gets all back"):
        task = stage.new_task("Something Ana decides against")
        cleo.fund(task, 1200)
        checkout = dara.begin_to_fund(task, 700)
        ana.browser.press(ana.browser.open(task.path), "Cancel this task", reason="We go another way.")
        task.wait_for("cancelled")
        task.wait_returned()
        stage.give_back(cleo.email, 1200)
        stage.mail(cleo.email, f"{with_fee(1200) / 100:.2f} EUR go back", "ended without a merge")
    with stage.step(STORY, "Dara pays all the same, too late: her money goes back by itself"):
        checkout.pay()
        stage.mail(dara.email, f"{with_fee(700) / 100:.2f} EUR go back", "after the task had stopped taking money")
        task.wait_returned()
        stage.give_back(dara.email, 700)
        task.same_everywhere()
    yield from ()


def cancelled_in_two_weeks(stage: Stage) -> Iterator[int]:
    """Somebody's work is about to be merged: 14 days."""
    dara, ana = stage.person("dara"), stage.person("ana")
    with stage.step(
        STORY, "with a pull request ready, cancelling takes 14 days, say page, JSON, comment, check and mail"
    ):
        task = stage.new_task("Something Ana gives up slowly")
        dara.fund(task, 1800)
        number = stage.person("finn").open_pull(REPOSITORY, "Nearly", f"Fixes #{task.issue}")
        task.wait_claim(number, "linked", shown=True)
        ana.browser.press(ana.browser.open(task.path), "Cancel this task", reason="No time for this.")
        task.wait_sentence("If no pull request is merged by", "18 € go back to the backers")
        sentence = task.same_everywhere(number)
        stage.mail(dara.email, "Ends on", "No time for this.", f"What happens next: {sentence}")
    yield 14
    with stage.step(STORY, "14 days later nothing was merged: cancelled, and Dara has everything back"):
        task.wait_for("cancelled")
        task.wait_returned()
        stage.give_back(dara.email, 1800)


def cancelled_beside_a_late_claim(stage: Stage) -> Iterator[int]:
    """Somebody says that it is done already: the same 14 days, in which a maintainer may still confirm it."""
    cleo, ana = stage.person("cleo"), stage.person("ana")
    task, number = merged_unseen(stage, 950)
    with stage.step(STORY, "Bo claims it late; Ana cancels the task, which takes 14 days because of the claim"):
        stage.person("bo").comment(REPOSITORY, number, f"/claim #{task.issue}")
        task.wait_claim(number, "late")
        ana.browser.press(ana.browser.open(task.path), "Cancel this task", reason="Not this way.")
        stage.mail(cleo.email, "Ends on", "Not this way.")
        task.wait_for("open")
        task.wait_held(950)
    yield 14
    with stage.step(STORY, "14 days later nobody has confirmed the claim: it is none"):
        task.wait_claim(number, "refused")
    yield 1
    with stage.step(STORY, "so the cancelled task ends, and Cleo has everything back"):
        task.wait_for("cancelled")
        task.wait_returned()
        stage.give_back(cleo.email, 950)
