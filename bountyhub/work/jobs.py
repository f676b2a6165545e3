"""What work does after a commit and when a day comes: ends, lives, notices, windows, late claims, objections."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Select, Text, cast, exists, or_, select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.rules import REMINDERS, reminder_due
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.models import Account
from bountyhub.payouts.models import Share, Stop, StopScope
from bountyhub.people.models import Identity
from bountyhub.people.operations import CLOCK
from bountyhub.ports.errors import OutsideError, OutsideUnavailable
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import EndsReason, Interest, Task, TaskState
from bountyhub.tasks.operations import lock_task, show
from bountyhub.work import attempt_jobs, charging, operations, pause_jobs, revert_jobs, undo_jobs  # noqa: F401  (they register their jobs)
from bountyhub.work.issues import read_and_record_issue
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState
from bountyhub.work.operations.claims import claims_of_task, show_claim
from bountyhub.work.operations.releases import finish_task
from bountyhub.work.pulls import read_and_record
from bountyhub.work.pushes import look_again_if_old
from bountyhub.work.repositories import is_back
from bountyhub.work.rules import UNWANTED, may_still_wait

log = logging.getLogger("bountyhub.work")

#: Claims whose check run shows the task's sentence.
_SAYING = (ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW, ClaimState.BLOCKED, ClaimState.RELEASED)
#: How many due things one sweep handles before it lets others run.
BATCH = 20_000
#: Between two check runs that a stop changes, so that it doesn't eat the forge's rate limit.
APART = timedelta(milliseconds=500)
#: So long after its end a window waits for a forge that doesn't answer.
LONGEST_AWAY = timedelta(days=1)
#: Kinds of account from which money goes back at the end of its life.
LYING = ("escrow", "kept_for", "holdback")


def _due(query: Select[int]) -> Sequence[int]:
    with reading() as session:
        return session.scalars(query.limit(BATCH)).all()


def _each(ids: Sequence[int], operation: Callable[[Session, int], object]) -> None:
    def one(id: int) -> None:
        with transaction() as session:
            operation(session, id)

    each(ids, one)


def _reread_pulls(task_id: int) -> None:
    """Nothing of a task ends before its linked pull requests were read again: a merge wins."""
    query = (
        select(Repository.forge_id, Claim.pull_number)
        .join(Claim, Claim.repository_id == Repository.id)
        .where(Claim.task_id == task_id, Claim.state == ClaimState.LINKED)
    )
    with reading() as session:
        pulls = [(row[0], row[1]) for row in session.execute(query)]
    for repository, number in pulls:
        read_and_record(repository, number)


@recurring("work.sweep_ends", every=60)
def sweep_ends(run: Run) -> None:
    """Tasks whose announced end is reached."""
    query = select(Task.id, Task.ends_reason).where(Task.ends_at <= clock.now())
    with reading() as session:
        due = session.execute(query.order_by(Task.ends_at).limit(BATCH)).all()
    each([(row.id, row.ends_reason) for row in due], _end_task)


def _end_task(due: tuple[int, EndsReason]) -> None:
    task_id, reason = due
    _reread_pulls(task_id)
    if reason in (EndsReason.ISSUE_CLOSED, EndsReason.ISSUE_GONE):
        read_and_record_issue(task_id)
    if reason in (EndsReason.APP_GONE, EndsReason.ARCHIVED) and is_back(task_id):
        return
    with transaction() as session:
        operations.end_due(session, task_id)


@recurring("work.sweep_wanted", every=3600)
def sweep_wanted(run: Run) -> None:
    """Wanted tasks that nobody new wanted for 180 days."""
    recent = exists().where(Interest.task_id == Task.id, Interest.at > clock.now() - UNWANTED)
    old = Task.created_at <= clock.now() - UNWANTED
    _each(_due(select(Task.id).where(Task.state == TaskState.WANTED, old, ~recent)), operations.forget_unwanted)


@recurring("work.sweep_lives", every=60)
def sweep_lives(run: Run) -> None:
    """Contributions whose life is over and of which something still lies here; what is on its way back is not ours."""
    held = Contribution.state == ContributionState.HELD
    lying = exists().where(Account.contribution == Contribution.ref, Account.kind.in_(LYING), Account.balance != 0)
    query = select(Contribution).where(held, lying, Contribution.leave_by <= clock.now())
    with reading() as session:
        due = session.scalars(query.order_by(Contribution.leave_by).limit(BATCH)).all()
    each(due, _end_life)


def _end_life(contribution: Contribution) -> None:
    """While the forge can't be asked the money waits, but not beyond the days for which processors hold it."""
    assert contribution.leave_by is not None
    try:
        _reread_pulls(contribution.task_id)
        for claim in _due(_objected().where(Claim.task_id == contribution.task_id)):
            _settle(claim)
    except OutsideError as error:
        if may_still_wait(clock.now(), contribution.leave_by):
            raise
        log.warning("life of contribution %s ends without asking the forge: %s", contribution.id, error)
    with transaction() as session:
        operations.end_life(session, contribution.id)


@recurring("work.sweep_reminders", every=3600)
def sweep_reminders(run: Run) -> None:
    """Backers whose money's life ends in 30, 14 or 3 days and who weren't told so yet."""
    now, soonest = clock.now(), max(REMINDERS)
    ending = (Contribution.leave_by > now) & (Contribution.leave_by <= now + timedelta(days=soonest))
    told = Contribution.reminded.is_(None) | (Contribution.reminded > min(REMINDERS))
    query = select(Contribution).where(Contribution.state == ContributionState.HELD, ending, told)
    with reading() as session:
        near = session.scalars(query.order_by(Contribution.leave_by).limit(BATCH)).all()
    each([c.id for c in near if c.leave_by and reminder_due(c.leave_by - now, c.reminded) is not None], _remind)


def _remind(contribution_id: int) -> None:
    with transaction() as session:
        operations.remind(session, contribution_id)


@recurring("work.sweep_notices", every=60)
def sweep_notices(run: Run) -> None:
    """Withdrawal notices whose seven days are over."""
    query = select(Contribution.id, Contribution.task_id).where(Contribution.notice_until <= clock.now())
    with reading() as session:
        due = session.execute(query.order_by(Contribution.notice_until).limit(BATCH)).all()
    each([(row.task_id, row.id) for row in due], _end_notice)


def _end_notice(due: tuple[int, int]) -> None:
    task_id, contribution_id = due
    _reread_pulls(task_id)
    with transaction() as session:
        operations.end_notice(session, contribution_id)


@recurring("work.sweep_objections", every=60)
def sweep_objections(run: Run) -> None:
    """Objections that nobody settled in their time: the facts decide."""
    each(_due(_objected()), _settle)


def _settle(claim_id: int) -> None:
    """A reopened issue that no webhook told of is a fact too."""
    with reading() as session:
        task_id = session.get_one(Claim, claim_id).task_id
    read_and_record_issue(task_id)
    with transaction() as session:
        operations.settle_by_facts(session, claim_id)


def _objected() -> Select[int]:
    """Claims with an objection whose time is over."""
    query = select(Claim.id).join(Objection, Objection.claim_id == Claim.id).distinct()
    return query.where(Objection.state == ObjectionState.OPEN, Objection.until <= clock.now())


@recurring("work.sweep_windows", every=60)
def sweep_windows(run: Run) -> None:
    """Windows that ended quietly, and late claims that nobody confirmed."""
    due = select(Claim.id).where(Claim.until <= clock.now()).order_by(Claim.until)
    each(_due(due.where(Claim.state == ClaimState.WINDOW)), _end_window)
    _each(_due(due.where(Claim.state == ClaimState.LATE)), operations.lapse_claim)


def _end_window(claim_id: int) -> None:
    """A revert that no webhook told of still blocks it; a forge that is away for a day doesn't."""
    with reading() as session:
        claim = session.get_one(Claim, claim_id)
    try:
        look_again_if_old(claim.repository_id)
    except OutsideError as error:
        if isinstance(error, OutsideUnavailable) and claim.until and clock.now() < claim.until + LONGEST_AWAY:
            raise
        log.warning("window of claim %s ends without asking the forge for reverts: %s", claim_id, error)
    with transaction() as session:
        operations.end_window(session, claim_id)


@job("work.refresh_claims", queue="forge")
def refresh_claims(run: Run, task: int) -> None:
    """Something of the task changed: the check runs of its claims still say the old sum and sentence."""
    with transaction() as session:
        for claim in claims_of_task(session, lock_task(session, task), *_SAYING):
            outbox.add(session, "forge.sync_check", key=f"check:{claim.id}", claim=claim.id)
        run.done(session)


@job("work.stop_changed", queue="forge")
def stop_changed(run: Run, stop: int) -> None:
    """Outgoing money is stopped, or isn't any more: the merge boxes of what it holds say so, one after the other."""
    with transaction() as session:
        row, at = session.get_one(Stop, stop), clock.real_now()
        held = {StopScope.PROJECT: Task.project_id, StopScope.TASK: Task.id}.get(row.scope)
        query = select(Claim.id).join(Task, Task.id == Claim.task_id).where(Claim.state == ClaimState.LINKED)
        query = query if held is None else query.where(held == int(row.target))
        for number, claim in enumerate(session.scalars(query.order_by(Claim.id)).all()):
            outbox.add(session, "forge.sync_check", key=f"check:{claim}", run_at=at + APART * number, claim=claim)
        run.done(session)


@job("work.payee_changed", queue="forge")
def payee_changed(run: Run, person: int) -> None:
    """Somebody can (or can't) be paid now: their claims' check runs say so."""
    with transaction() as session:
        query = select(Claim).join(Identity, Identity.id == Claim.author_id)
        live = (ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW, ClaimState.RELEASED)
        theirs = select(Identity.id).where(Identity.person_id == person)
        in_split = [cast(Claim.split, Text).contains(f'"{id}":') for id in session.scalars(theirs)]
        mine = or_(Identity.person_id == person, *in_split)
        for claim in session.scalars(query.where(mine, Claim.state.in_(live))).all():
            show_claim(session, claim)
        run.done(session)


@job("work.share_claimed", queue="money")
def share_claimed(run: Run, share: int) -> None:
    """A kept share became payable: its task may be completed now."""
    _share_moved(run, share)


@job("work.share_moved", queue="forge")
def share_moved(run: Run, share: int) -> None:
    """A share waits, was refused or is kept: its task's sentence says so."""
    _share_moved(run, share)


@job("work.share_paid", queue="money")
def share_paid(run: Run, share: int) -> None:
    """A share reached its payee: everybody concerned is told."""
    _share_moved(run, share, tell=True)


@job("work.refund_over", queue="forge")
def refund_over(run: Run, task: int) -> None:
    """Money reached its card again, or was refused there: the comment of a cancelled task says so."""
    with transaction() as session:
        row = lock_task(session, task)
        if row.state is TaskState.CANCELLED:
            show(session, row)
        run.done(session)


def _share_moved(run: Run, share_id: int, *, tell: bool = False) -> None:
    with transaction() as session:
        share = session.get_one(Share, share_id)
        task = lock_task(session, share.task_id)
        if task.state is TaskState.MERGED:
            finish_task(session, task, CLOCK)
        show(session, task)
        outbox.add(session, "forge.sync_check", key=f"check:{share.claim_id}", claim=share.claim_id)
        if tell:
            outbox.add(session, "notify.share_paid", share=share.id)
        run.done(session)
