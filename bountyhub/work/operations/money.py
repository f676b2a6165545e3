"""Ways back that depend on the task: withdrawing, notices that end, and money whose life is over."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.errors import CantWithdraw
from bountyhub.funding.models import Contribution, ContributionState, RefundReason
from bountyhub.funding.operations import ask_noticed, ask_refund, give_notice, take_back_notice
from bountyhub.funding.operations.refunds import escrow_of, quote_return
from bountyhub.funding.queries import cooling_off, in_cooling_off
from bountyhub.funding.rules import Way, WithdrawalFacts, reminder_due, way_back
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.models import Share, ShareState
from bountyhub.payouts.operations import lapse_kept
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import lock_task, show
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations.claims import claims_of_task, has_late_claim, has_ready_pull, show_claim
from bountyhub.work.operations.objection_rows import set_aside
from bountyhub.work.operations.objections import end_window
from bountyhub.work.operations.releases import finish_task
from bountyhub.work.rules import may_still_wait


def lock_contribution(session: Session, contribution_id: int) -> tuple[Task, Contribution]:
    """The contribution and its task, locked in that order: task first. Raises NotFound."""
    task_id = session.scalars(select(Contribution.task_id).where(Contribution.id == contribution_id)).first()
    if task_id is None:
        raise NotFound("There is no such contribution.")
    task = lock_task(session, task_id)
    return task, session.get_one(Contribution, contribution_id, with_for_update=True, populate_existing=True)


def way_of(session: Session, task: Task, contribution: Contribution) -> Way:
    """How this contribution can be taken back now."""
    if contribution.state is not ContributionState.HELD or contribution.captured_at is None:
        return Way.NOTHING_LEFT
    return way_back(
        WithdrawalFacts(
            escrow=escrow_of(session, contribution), captured_at=contribution.captured_at, now=clock.now(),
            cooling_off=cooling_off(contribution), task_state=task.state,
            ready_pull=has_ready_pull(session, task), late_claim=has_late_claim(session, task),
        )
    )  # fmt: skip


def withdraw(session: Session, contribution_id: int, actor: Actor, shown_kept: int | None = None) -> Way:
    """Take a contribution back: at once, or by a notice of 7 days; what was done. Raises CantWithdraw.

    After the cooling-off days the processing cost named before paying is kept: never more than `shown_kept` (minor
    units), which is what its backer was shown. The caller has checked that the actor is its backer. A second click
    finds nothing left, or the same notice.
    """
    task, contribution = lock_contribution(session, contribution_id)
    way, late = way_of(session, task, contribution), not in_cooling_off(contribution, clock.now())
    if way in (Way.AT_ONCE, Way.NOTICE):
        _require_shown(session, contribution, late, shown_kept)
    if way is Way.NOT_NOW:
        raise CantWithdraw(
            "The work was merged, so this money is on its way to the developer.",
            advice="While the window is open you can object instead, on the task's page.",
        )
    if way is Way.AT_ONCE:
        ask_refund(session, contribution, RefundReason.WITHDRAWN, actor, late=late)
        finish_task(session, task, CLOCK)  # public, and a backer may be anonymous
    elif way is Way.NOTICE:
        give_notice(session, contribution, actor)
    tell(session, task)
    return way


def _require_shown(session: Session, contribution: Contribution, late: bool, shown: int | None) -> None:
    kept = quote_return(session, contribution, late=late).kept_in_all
    if shown is not None and kept > shown and contribution.notice_until is None:
        raise CantWithdraw(
            "The days in which all of it can be taken back have ended since you looked at this page.",
            advice="Nothing was done. What would be kept now, as named when you paid, is beside the button.",
        )


def stay(session: Session, contribution_id: int, actor: Actor) -> None:
    """Take a notice back."""
    task, contribution = lock_contribution(session, contribution_id)
    take_back_notice(session, contribution, actor)
    tell(session, task)


def tell(session: Session, task: Task) -> None:
    """The sum held changed: comment and check runs say the old one."""
    show(session, task)
    for claim in claims_of_task(session, task, ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW):
        show_claim(session, claim)


def remind(session: Session, contribution_id: int) -> None:
    """Tell the backer that the end of their money's life is near, once for each of the three days."""
    _, contribution = lock_contribution(session, contribution_id)
    if contribution.leave_by is None or contribution.state is not ContributionState.HELD:
        return
    life = contribution.leave_by - (contribution.captured_at or contribution.created_at)
    due = reminder_due(contribution.leave_by - clock.now(), contribution.reminded, life)
    if due is not None and escrow_of(session, contribution):
        contribution.reminded = due
        audit.record(session, CLOCK.name, "backer_reminded", "contribution", contribution.id, days=due)
        outbox.add(session, "notify.life_ending", contribution=contribution.id)


def be_quiet(session: Session, contribution_id: int, actor: Actor) -> None:
    """Its backer wants no more reminders of its end."""
    _, contribution = lock_contribution(session, contribution_id)
    if contribution.reminded != 0:
        contribution.reminded = 0
        audit.record(session, actor.name, "reminders_stopped", "contribution", contribution.id)


def end_notice(session: Session, contribution_id: int) -> None:
    """A notice's seven days are over and no merge came: the money goes back."""
    task, contribution = lock_contribution(session, contribution_id)
    if contribution.notice_until is None or clock.now() < contribution.notice_until:
        return
    if task.state in (TaskState.OPEN, TaskState.RESERVED):
        ask_noticed(session, contribution)
        tell(session, task)
    contribution.notice_until = None


def end_life(session: Session, contribution_id: int) -> None:
    """Nothing is promised beyond `leave_by`: what is in escrow, kept or held back goes back by itself.

    A window that is over ends before; escrow about which a window or an objection still runs waits for its ending.
    """
    task, contribution = lock_contribution(session, contribution_id)
    if contribution.leave_by is None or clock.now() < contribution.leave_by:
        return
    for claim in claims_of_task(session, task, ClaimState.WINDOW):
        end_window(session, claim.id)
    waits = may_still_wait(clock.now(), contribution.leave_by) and _is_being_decided(session, task, contribution)
    gone = None if waits else ask_refund(session, contribution, RefundReason.LIFE_OVER, CLOCK)
    if _lapse_kept(session, task, contribution) or gone:
        finish_task(session, task, CLOCK)
        tell(session, task)


def _is_being_decided(session: Session, task: Task, contribution: Contribution) -> bool:
    """Whether a window or a block of the whole runs, or an open objection sets this contribution's part aside."""
    undecided = claims_of_task(session, task, ClaimState.WINDOW, ClaimState.BLOCKED)
    released = claims_of_task(session, task, ClaimState.RELEASED)
    return bool(undecided) or any(contribution.id in set_aside(session, claim) for claim in released)


def _lapse_kept(session: Session, task: Task, contribution: Contribution) -> bool:
    kept = select(Share).where(Share.task_id == task.id, Share.state.in_([ShareState.KEPT, ShareState.HELD_BACK]))
    shares = session.scalars(kept.order_by(Share.id).with_for_update()).all()
    lapsed = [lapse_kept(session, share, contribution, CLOCK) for share in shares]
    return any(lapsed)


def linked_pulls(session: Session, task_id: int) -> list[Claim]:
    """Claims whose pull requests must be read again before anything of the task ends."""
    query = select(Claim).where(Claim.task_id == task_id, Claim.state == ClaimState.LINKED)
    return list(session.scalars(query))
