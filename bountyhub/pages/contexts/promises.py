"""A promise as its backer sees it, on its own page, the thank-you page and my page; and what everybody may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import LapseReason, Promise, PromiseState
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money, short
from bountyhub.pages.contexts.contribution import HOW_TO_REACH
from bountyhub.pages.contexts.parts import Action
from bountyhub.tasks.models import Task
from bountyhub.work.next_step import NextStep, day

#: State → (its colour and icon on a pill, what it says).
LABELS = {
    PromiseState.ASKED: ("pending", "No card yet"),
    PromiseState.ABANDONED: ("abandoned", "Not given"),
    PromiseState.GIVEN: ("pending", "Promised"),
    PromiseState.CHARGING: ("pending", "Being charged"),
    PromiseState.NEEDS_BACKER: ("pending", "Needs you"),
    PromiseState.CHARGED: ("held", "Charged"),
    PromiseState.WITHDRAWN: ("closed", "Withdrawn"),
    PromiseState.LAPSED: ("closed", "Lapsed"),
}
WHY = {
    LapseReason.TASK_OVER: "the task ended without a merge",
    LapseReason.TOO_OLD: "nothing was accepted in its time",
    LapseReason.DECLINED: "the card was declined",
    LapseReason.NOT_CONFIRMED: "it was not confirmed in 7 days",
    LapseReason.NO_FLOAT: "this site could not take the payment in 7 days",
}


@dataclass(frozen=True)
class PromiseView:
    """A promise with everything its pages show; `actions` only for its backer."""

    amount: Money
    fee: Money
    vat: Money
    total: Money
    state: str
    pill: str
    label: str
    next_step: NextStep
    mandate: str
    agreed_at: datetime
    expires_at: datetime | None
    card: str
    task_title: str
    task_url: str
    url: str
    actions: list[Action] = field(default_factory=list)


def view(session: Session, row: Promise, base: str) -> PromiseView:
    """One promise; its buttons post below `base` (none without)."""
    return _view(row, session.get_one(Task, row.task_id), base)


def of_person(session: Session, person_id: int, most: int) -> list[PromiseView]:
    """Somebody's promises, newest first."""
    hidden = [PromiseState.ASKED, PromiseState.ABANDONED]
    query = select(Promise, Task).join(Task, Task.id == Promise.task_id).where(Promise.person_id == person_id)
    rows = session.execute(query.where(Promise.state.not_in(hidden)).order_by(Promise.id.desc()).limit(most))
    return [_view(row, task, f"/promises/{row.id}") for row, task in rows]


def _view(row: Promise, task: Task, base: str) -> PromiseView:
    pill, label = LABELS[row.state]
    return PromiseView(
        amount=row.money, fee=row.fee_money, vat=row.vat_money, total=row.total, state=row.state, pill=pill,
        label=label, next_step=step_of(row), mandate=row.mandate, agreed_at=row.created_at,
        expires_at=row.expires_at if row.state is PromiseState.GIVEN else None, card=row.card_label,
        task_title=task.title, task_url=f"/tasks/{task.id}", url=base, actions=_actions(row, base) if base else [],
    )  # fmt: skip


def _actions(row: Promise, base: str) -> list[Action]:
    if row.state is PromiseState.GIVEN:
        ask = "Nothing is charged, and your card is forgotten. This can’t be undone."
        return [Action(f"{base}/withdraw", "Withdraw this promise", danger=True, confirm=ask)]
    if row.state is PromiseState.NEEDS_BACKER:
        return [Action(f"{base}/confirm", f"Confirm {short(row.total)} with your bank")]
    return []


def step_of(row: Promise) -> NextStep:
    """What happens next with a promise."""
    total = short(row.total)
    if row.state is PromiseState.GIVEN:
        text = f"{total} are charged when a pull request for this issue is merged and accepted."
        return NextStep(text, f"It lapses on {day(row.expires_at)} if none is.", row.expires_at, "maintainer")
    if row.state is PromiseState.NEEDS_BACKER and row.until is not None:
        text = f"Your bank wants you to confirm {total} by {day(row.until)}."
        return NextStep(text, "Else the promise lapses and nothing is charged.", row.until, "backer")
    if row.state is PromiseState.CHARGING and row.waits_for_float:
        text = f"{total} can’t be charged yet: this site’s own funds don’t cover the cost of it."
        by = f"It lapses on {day(row.until)} if that lasts." if row.until else ""
        return NextStep(text, by, row.until, "operator")
    if row.state is PromiseState.CHARGING:
        return NextStep(f"{total} are being charged: the work was accepted.", who="clock")
    if row.state is PromiseState.CHARGED:
        return NextStep(f"{total} were charged and released.", "The receipt came by mail.", row.ended_at, "nobody")
    if row.state is PromiseState.LAPSED and row.lapse_reason is not None:
        text = f"This promise has lapsed: {WHY[row.lapse_reason]}."
        return NextStep(text, "Nothing was charged, and the card is forgotten.", row.ended_at, "nobody")
    if row.state is PromiseState.WITHDRAWN:
        return NextStep("You withdrew this promise.", "The card is forgotten.", row.ended_at, "nobody")
    return NextStep("No card was saved, so nothing is promised.", "Promise again whenever you like.", who="nobody")


def find_by_ref(session: Session, ref: str) -> Promise:
    """The promise of a thank-you page; raises NotFound."""
    row = session.scalars(select(Promise).where(Promise.ref == ref)).first()
    if row is None:
        raise NotFound("There is no such promise.")
    return row


def require_own(session: Session, promise_id: int, person_id: int) -> Promise:
    """A promise of this person; raises NotFound, for somebody else's too."""
    row = session.get(Promise, promise_id)
    if row is None or row.person_id != person_id:
        raise NotFound("There is no such promise of yours.", advice=HOW_TO_REACH)
    return row


@dataclass(frozen=True)
class Promised:
    """What everybody may know of a task's promises: never a part of what is held."""

    amount: Money
    count: int
    lapsed: Sequence[str]


def promised_for(session: Session, task: Task) -> Promised:
    """The promises that stand, and those that lapsed though the work was accepted."""
    rows = session.scalars(select(Promise).where(Promise.task_id == task.id).order_by(Promise.id)).all()
    standing = [r for r in rows if r.state in (PromiseState.GIVEN, PromiseState.CHARGING, PromiseState.NEEDS_BACKER)]
    failed = [r for r in rows if r.state is PromiseState.LAPSED and r.charging_since is not None]
    return Promised(
        Money(sum(r.amount for r in standing), task.currency), len(standing),
        [f"A promise of {short(r.money)} has lapsed: {WHY[r.lapse_reason]}." for r in failed if r.lapse_reason],
    )  # fmt: skip
