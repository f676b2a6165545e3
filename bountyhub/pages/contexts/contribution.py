"""One contribution on its own page, on the thank-you page and in the list of my page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState, Refund, RefundState
from bountyhub.funding.operations.refunds import quote_return
from bountyhub.funding.queries import cooling_off, in_cooling_off
from bountyhub.funding.rules import REMINDERS, Way
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money, short
from bountyhub.pages.contexts import words
from bountyhub.pages.contexts.activity import activity
from bountyhub.pages.contexts.contributions import AWAITED, Where, whereabouts
from bountyhub.pages.contexts.funding import typed
from bountyhub.pages.contexts.papers import PaperView, papers_of
from bountyhub.pages.contexts.parts import Action, Dated
from bountyhub.pages.contexts.proof import ProofView, proof
from bountyhub.people import queries as people
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work.facts import next_steps
from bountyhub.work.next_step import NextStep, day
from bountyhub.work.operations.money import way_of

#: Nothing is charged or held; it may be paid anew.
NOTHING_CAME = ("failed", "abandoned")
HOW_TO_REACH = "Use the link in your receipt, or sign in with the address it was sent to."


@dataclass(frozen=True)
class ContributionView:
    """A contribution as its backer sees it. `url` is None where this reader may not open its page.

    `renew_url`, `move_url`, `quiet_url` (no more reminders), `other_way_url` (a failed refund) and `again_url` (nothing
    came of it) are empty where that is not possible. `paid_from` is `card` or `bank account`.
    """

    amount: Money
    fee: Money
    vat: Money
    total: Money
    paid_at: datetime | None
    until: datetime | None
    free_until: datetime | None
    kept: Money | None
    notice_until: datetime | None
    anonymous: bool
    name: str
    state: str
    state_label: str
    next_step: NextStep
    task_title: str
    task_url: str
    url: str | None
    email: str
    actions: list[Action] = field(default_factory=list)
    history: list[Dated] = field(default_factory=list)
    proof: ProofView | None = None
    renew_url: str = ""
    move_url: str = ""
    quiet_url: str = ""
    other_way_url: str = ""
    again_url: str = ""
    paid_from: str = "card"
    refused: bool = False
    papers: list[PaperView] = field(default_factory=list)


def require_own(session: Session, contribution_id: int, person_id: int) -> Contribution:
    """A contribution of this person; raises NotFound, for somebody else's too: nobody counts them by trying."""
    contribution = session.get(Contribution, contribution_id)
    if contribution is None or contribution.person_id != person_id:
        raise NotFound("There is no such contribution of yours.", advice=HOW_TO_REACH)
    return contribution


def views(session: Session, contributions: Sequence[Contribution]) -> list[ContributionView]:
    """Contributions of one backer; a fixed number of queries."""
    where = whereabouts(session, contributions)
    task_ids = {contribution.task_id for contribution in contributions}
    tasks = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(task_ids)))}
    steps = next_steps(session, task_ids)
    names = people.names(session, {c.person_id for c in contributions if c.person_id})
    return [
        _view(c, where[c.id], tasks[c.task_id], steps[c.task_id], names.get(c.person_id or 0, "A backer"))
        for c in contributions
    ]


def _view(
    contribution: Contribution, where: Where, task: Task, task_step: NextStep, name: str
) -> ContributionView:  # fmt: skip
    held = where.state == "held"
    return ContributionView(
        amount=contribution.money, fee=contribution.fee_money, vat=contribution.vat_money, total=contribution.total,
        paid_at=contribution.captured_at, until=contribution.leave_by if held else None,
        free_until=_free_until(contribution) if held else None,
        kept=contribution.kept_money if held and contribution.kept_cost else None,
        notice_until=contribution.notice_until,
        anonymous=contribution.anonymous, name=name, state=where.state, state_label=where.label,
        next_step=step_of(contribution, where, task_step), task_title=task.title, task_url=f"/tasks/{task.id}",
        url=f"/contributions/{contribution.id}", email=contribution.email, paid_from=where.paid_from,
        refused=where.refused,
        again_url=_again(contribution) if where.state in NOTHING_CAME else "",
    )  # fmt: skip


def page(session: Session, contribution: Contribution, base: str) -> ContributionView:
    """The contribution's page; its buttons post below `base`."""
    view = views(session, [contribution])[0]
    task = session.get_one(Task, contribution.task_id)
    history = activity(session, [("contribution", [contribution.id])], contribution.currency)
    actions = _actions(session, contribution, way_of(session, task, contribution), base, view.paid_from)
    view.actions.extend(actions)
    view.history.extend(history)
    ways = view.until is not None and task.state is TaskState.OPEN
    ends = ways and view.until is not None and view.until - clock.now() <= timedelta(days=max(REMINDERS))
    return replace(
        view, proof=proof(session, contribution, base), papers=papers_of(session, contribution, base),
        quiet_url=f"{base}/quiet" if ends and contribution.reminded != 0 else "",
        renew_url=f"{base}/renew" if ends and task.ends_at is None else "",
        again_url=open_to_all(view.again_url) if base.startswith("/c/") else view.again_url,
        other_way_url=f"{base}/other-way" if view.state == "unclaimed" else "",
        move_url=f"{base}/move" if ways and not base.startswith("/c/") else "",
    )  # fmt: skip


def _again(contribution: Contribution) -> str:
    """Where one pays anew; a renewal by renewing again, else the old money would stand beside the new."""
    if contribution.renews_id is not None:
        return f"/contributions/{contribution.renews_id}/renew"
    return f"/tasks/{contribution.task_id}/fund?amount={typed(contribution.money)}"


def open_to_all(again_url: str) -> str:
    """The same, for who isn't signed in as its backer: a renewal is theirs alone."""
    return "" if again_url.startswith("/contributions/") else again_url


def _free_until(contribution: Contribution) -> datetime | None:
    if contribution.captured_at is None:
        return None
    until = contribution.captured_at + cooling_off(contribution)
    return until if until > clock.now() else None


def _actions(session: Session, contribution: Contribution, way: Way, base: str, paid_from: str) -> list[Action]:
    if contribution.notice_until is not None and way is not Way.AT_ONCE:
        return [Action(f"{base}/stay", "Leave it here after all")]
    if way not in (Way.AT_ONCE, Way.NOTICE):
        return []
    back = quote_return(session, contribution, late=not in_cooling_off(contribution, clock.now()))
    total, kept = short(Money(back.total, contribution.currency)), Money(back.kept_in_all, contribution.currency)
    shown = {"kept": str(kept.amount)}  # what is pressed is what was read
    if way is Way.AT_ONCE:
        how = kept_said(kept) or ", the fee too."
        ask = f"{total} go back to your {paid_from}{how} This can’t be undone."
        return [Action(f"{base}/withdraw", "Take it back", shown, danger=True, confirm=ask)]
    ask = f"A pull request is ready, so {total} go back in 7 days{kept_said(kept) or '.'}"
    ask = f"{ask} If it is merged before, the developer is paid."
    return [Action(f"{base}/withdraw", "Give notice to take it back", shown, danger=True, confirm=ask)]


def kept_said(kept: Money) -> str:
    """What is kept at a late withdrawal, as the end of a sentence; empty for nothing."""
    return f", {short(kept)} of processing cost are kept, as said when you paid." if kept else ""


def step_of(contribution: Contribution, where: Where, task_step: NextStep) -> NextStep:
    """What happens next with this money: the task's own sentence while it is held for it."""
    if where.state == AWAITED[0]:
        text = "Your bank takes a few days; we’ll write when it has arrived."
        return NextStep(text, "Nothing is held before it arrives.", who="clock")
    if where.refused:
        return NextStep(
            "Your bank refused the payment: nothing is held.", "Pay anew, by card for instance.", who="nobody"
        )
    if contribution.state is ContributionState.PENDING:
        return NextStep("The payment is being confirmed.", "Nothing is held before it arrives.", who="clock")
    if contribution.state in (ContributionState.FAILED, ContributionState.ABANDONED):
        return NextStep("Nothing was charged.", "Fund the task again whenever you like.", who="nobody")
    if contribution.state is ContributionState.SUSPENDED:
        text = "What arrived is not what was agreed: it is set apart, and goes back by itself after 7 days."
        return NextStep(text, who="clock")
    if where.state == "frozen":
        text = f"The bank of the {where.paid_from} that paid disputes this payment, or warned of fraud: it is frozen."
        return NextStep(text, "Nothing of it moves until that is decided.", who="clock")
    if where.gone_back:
        return _going_back(where)
    if contribution.notice_until is not None and where.held:
        whole = where.held == contribution.amount
        here = contribution.total if whole else Money(where.held, contribution.currency)
        back, said = here - contribution.kept_money, kept_said(contribution.kept_money) or "."
        text = f"{short(back)} go back to your {where.paid_from} on {day(contribution.notice_until)}{said}"
        return NextStep(text, "A merge before that day pays the developer instead.", contribution.notice_until, "clock")
    return task_step


def _going_back(where: Where) -> NextStep:
    refund: Refund = where.refunds[-1]
    why = f"Why: {words.REFUND[refund.reason]}{kept_said(refund.kept_money) or '.'}"
    if refund.state is RefundState.FAILED:
        text = f"Your bank refused {short(refund.money)}: they are still yours."
        kept = "Name a bank account of yours below, and the operator sends them there."
        return NextStep(text, kept, who="backer")
    if refund.state is RefundState.SETTLED:
        text = f"The operator gave {short(refund.money)} back another way than to your {where.paid_from}."
        return NextStep(text, why, refund.done_at, "nobody")
    if refund.state is RefundState.DONE:
        return NextStep(f"{short(refund.money)} went back to your {where.paid_from}.", why, refund.done_at, "nobody")
    return NextStep(f"{short(refund.money)} are on their way back to your {where.paid_from}.", why, who="clock")
