"""Claims as pages show them: on the task, on their own page, on the author's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from bountyhub.pages.contexts import words
from bountyhub.pages.contexts.parts import Action
from bountyhub.pages.contexts.viewer import Viewer
from bountyhub.payouts.models import Payee
from bountyhub.payouts.words import NOT_CONNECTED, why_unpaid
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.next_step import NextStep
from bountyhub.work.queries import UNCOUNTED

LIVE = (ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW, ClaimState.BLOCKED, ClaimState.RELEASED)
#: A bot's pull request in these states can be given to somebody.
NAMEABLE = (ClaimState.LINKED, ClaimState.LATE, ClaimState.CLOSED)
OVER = {
    ClaimState.CLOSED: "The pull request was closed; reopening it links it again.",
    ClaimState.SUPERSEDED: "Another pull request was merged first, so this one is not paid.",
    ClaimState.REFUSED: "This pull request is not paid for the task.",
    ClaimState.UNDONE: "Two operators undid this release: the pull request is not paid for the task.",
    ClaimState.UNLINKED: "This pull request doesn’t stand for the task any more.",
}


@dataclass(frozen=True)
class ClaimView:
    """A pull request standing for a task's reward."""

    id: int
    url: str
    pr_number: int
    pr_url: str
    title: str
    author: str
    state: ClaimState
    state_label: str
    draft: bool
    payable_note: str
    shown_at: datetime | None
    window_until: datetime | None
    late_until: datetime | None
    reverted_url: str
    next_step: NextStep | None
    actions: list[Action] = field(default_factory=list)
    task_title: str = ""
    task_url: str = ""
    note: str = ""
    split: list[tuple[str, int]] = field(default_factory=list)

    def on_task(self, title: str, url: str) -> ClaimView:
        """The same, naming its task: for lists of claims of several."""
        return replace(self, task_title=title, task_url=url)


def of_tasks(task_ids: Sequence[int]) -> Select[Claim, Identity, Payee, str]:
    """The claims of tasks, newest first, each with its author and whether they can be paid."""
    return with_author().where(Claim.task_id.in_(task_ids)).order_by(Claim.id.desc())


def with_author() -> Select[Claim, Identity, Payee, str]:
    """Claims with their author, the author's payout account (if there is one) and the task's currency."""
    return (
        select(Claim, Identity, Payee, Task.currency)
        .join(Identity, Identity.id == Claim.author_id)
        .join(Task, Task.id == Claim.task_id)
        .outerjoin(Payee, Payee.person_id == Identity.person_id)
    )


def load(
    session: Session, query: Select[Claim, Identity, Payee, str], viewer: Viewer, step: NextStep | None
) -> list[ClaimView]:
    """Claims as this reader sees them; `step` is their task's sentence."""
    return [claim_view(row, viewer, step) for row in session.execute(query)]


def claim_view(row: Row[Claim, Identity, Payee, str], viewer: Viewer, step: NextStep | None) -> ClaimView:
    """One claim as this reader sees it."""
    claim, author, payee, currency = row
    return ClaimView(
        id=claim.id, url=f"/claims/{claim.id}", pr_number=claim.pull_number, pr_url=claim.url, title=claim.title,
        author=author.login, state=claim.state, state_label=words.CLAIM[claim.state],
        draft=claim.draft and claim.state is ClaimState.LINKED, payable_note=_payable(author, payee, currency),
        shown_at=claim.shown_at, window_until=claim.until if claim.state is ClaimState.WINDOW else None,
        late_until=claim.until if claim.state is ClaimState.LATE else None,
        reverted_url=claim.reverted_url, next_step=_step(claim, step),
        actions=[*_naming(claim, author, viewer), *_actions(claim, viewer)],
        note=UNCOUNTED.get(claim.uncounted, ""),
    )  # fmt: skip


def _payable(author: Identity, payee: Payee | None, currency: str) -> str:
    if author.is_bot:
        return "a bot: nobody is paid"
    unpaid = why_unpaid(payee.state if payee else None, payee.disabled_reason if payee else "")
    if unpaid is None:
        other = payee is not None and payee.currency not in ("", currency)
        return "can be paid; the payment provider converts it to their currency" if other else "can be paid"
    if unpaid is NOT_CONNECTED:
        return "no payout account yet"
    return f"{unpaid.why}; {unpaid.then}"


def _step(claim: Claim, step: NextStep | None) -> NextStep | None:
    if claim.state in LIVE:
        return step
    if claim.cut_at is not None:
        return NextStep("A maintainer cut the link of this pull request to the task.", who="nobody")
    return NextStep(OVER.get(claim.state, "This claim is over."), who="nobody")


def _naming(claim: Claim, author: Identity, viewer: Viewer) -> list[Action]:
    """A decider says whose a bot's pull request is."""
    if not (viewer.decides and author.is_bot and claim.state in NAMEABLE) or viewer.on_author_side(claim):
        return []
    ask, hint = (
        "Who is behind this pull request?",
        "Their name on GitHub, as in @name. Not you: another decider says so.",
    )
    return [Action(f"/claims/{claim.id}/name", "Name its person", reason=ask, asks="author", hint=hint)]


def _actions(claim: Claim, viewer: Viewer) -> list[Action]:
    """What a decider who didn't write the pull request can do with it."""
    if not viewer.decides or viewer.on_author_side(claim):
        return []
    url, cut = f"/claims/{claim.id}", "Cut the link"
    if claim.state is ClaimState.LINKED:
        ask = "The pull request no longer stands for this task, whatever its text says. Merging it then pays nobody."
        return [Action(f"{url}/unlink", cut, danger=True, confirm=ask)]
    if claim.state is ClaimState.WINDOW:
        ask = "The claim is refused, nobody is paid for it and the task is open again."
        return [Action(f"{url}/unlink", cut, danger=True, confirm=ask)]
    if claim.state is ClaimState.LATE:
        yes = "It did deliver the task: the money follows once the days for objections are over."
        no = "It did not deliver the task: nobody is paid for it and the task goes on."
        return [
            Action(f"{url}/confirm", "Confirm this claim", confirm=yes),
            Action(f"{url}/unlink", "Refuse it", danger=True, confirm=no),
        ]
    return []
