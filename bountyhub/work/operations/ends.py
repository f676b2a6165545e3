"""How tasks end without a merge: cancelled, issue closed or gone, App removed; and how that is taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.funding.models import RefundReason
from bountyhub.funding.operations import ask_refund
from bountyhub.funding.operations.promises import lapse_of_task
from bountyhub.kit import clock
from bountyhub.people.operations import CLOCK, FORGE, OPERATOR, Actor
from bountyhub.ports.forge import IssueInfo, Permission
from bountyhub.projects import operations as projects
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import is_installed
from bountyhub.projects.rules import is_decider
from bountyhub.tasks.errors import TaskRefuses
from bountyhub.tasks.models import OVER, EndsReason, Interest, Task, TaskState
from bountyhub.tasks.operations import end_later, follow_issue, keep_going, lock_task, move
from bountyhub.tasks.queries import task_of_issue
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.errors import NotADecider, ReasonMissing
from bountyhub.work.models import ClaimState
from bountyhub.work.operations.claims import claims_of_task, has_late_claim, has_ready_pull
from bountyhub.work.operations.claims import move as move_claim
from bountyhub.work.operations.comments import follow_moved_issue, record_lock
from bountyhub.work.operations.releases import held
from bountyhub.work.rules import END_NOTICE, UNWANTED, ClaimEvent

#: Issues are closed by mistake, and by merges heard of a moment later: only then people are told.
SECOND_THOUGHTS = timedelta(minutes=1)
_ALIVE = (TaskState.WANTED, TaskState.OPEN, TaskState.RESERVED)


def cancel_task(session: Session, task_id: int, actor: Actor, permission: Permission, reason: str) -> Task:
    """A decider or the operator ends a task: at once while no ready pull request stands for it, else in 14 days."""
    task = lock_task(session, task_id)
    if actor != OPERATOR and not is_decider(permission):
        raise NotADecider()
    if not reason.strip():
        raise ReasonMissing()
    if task.state not in _ALIVE:
        raise TaskRefuses(f"This task is {task.state}: it can't be cancelled any more.")
    task.ends_note = reason.strip()[:500]
    end(session, task, EndsReason.CANCELLED, actor, note=reason.strip())
    return task


def uncancel_task(session: Session, task_id: int, actor: Actor, permission: Permission) -> Task:
    """A decider takes an announced end back."""
    task = lock_task(session, task_id)
    if actor != OPERATOR and not is_decider(permission):
        raise NotADecider()
    if task.ends_at is None or task.ends_reason is not EndsReason.CANCELLED:
        raise TaskRefuses("Nobody announced to cancel this task.")
    keep_going(session, task, actor)
    end_for_standing_reasons(session, task, actor)
    return task


def end(session: Session, task: Task, reason: EndsReason, actor: Actor, *, note: str = "") -> None:
    """End a task at once, or after 14 days' notice when somebody's work may be about to be merged."""
    if task.state is TaskState.WANTED:
        move(session, task, TaskEvent.GIVEN_UP, actor, reason=reason)
    elif task.state is TaskState.OPEN and not has_ready_pull(session, task) and not has_late_claim(session, task):
        finish_end(session, task, actor, reason)
    elif task.state in (TaskState.OPEN, TaskState.RESERVED) and task.ends_at is None:
        end_later(session, task, clock.now() + END_NOTICE, reason, actor, note)
        outbox.add(session, "notify.task_ending", task=task.id)
    elif task.ends_at is not None and reason is EndsReason.CANCELLED and task.ends_reason is not reason:
        end_later(session, task, task.ends_at, reason, actor, note)  # an issue reopened doesn't undo a decision


def end_for_standing_reasons(session: Session, task: Task, actor: Actor) -> None:
    """One reason to end is gone, or a claim is: another may have come up meanwhile, and counts from now."""
    if task.state not in (TaskState.OPEN, TaskState.RESERVED) or task.ends_at is not None:
        return
    repository = session.get_one(Repository, task.repository_id)
    if not task.issue_exists or repository.private:
        end(session, task, EndsReason.ISSUE_GONE, actor)
    elif not is_installed(session, repository):
        end(session, task, EndsReason.APP_GONE, actor)
    elif repository.archived:
        end(session, task, EndsReason.ARCHIVED, actor)
    elif not repository.policy_now.bounties:
        end(session, task, EndsReason.POLICY_NO, actor)
    elif not task.issue_open:
        _closed(session, task, actor)


def finish_end(session: Session, task: Task, actor: Actor, reason: EndsReason) -> None:
    """Cancelled: everybody's money goes back, waiting claims are over."""
    for claim in claims_of_task(session, task, ClaimState.LINKED):
        move_claim(session, claim, ClaimEvent.UNLINKED, actor)
    for claim in claims_of_task(session, task, ClaimState.LATE):
        move_claim(session, claim, ClaimEvent.LAPSED, actor)
    move(session, task, TaskEvent.ENDED, actor, reason=reason)
    for piece in held(session, task):
        ask_refund(session, piece.contribution, RefundReason.TASK_OVER, actor)
    lapse_of_task(session, task)
    outbox.add(session, "notify.task_cancelled", task=task.id)


def end_due(session: Session, task_id: int) -> None:
    """The announced end is reached; the caller has read the linked pull requests again before."""
    task = lock_task(session, task_id)
    if task.ends_at is None or clock.now() < task.ends_at or task.ends_reason is None:
        return
    if has_late_claim(session, task):
        return
    finish_end(session, task, CLOCK, task.ends_reason)


def record_issue(session: Session, issue: IssueInfo) -> None:
    """Everything an issue says about its task now: text, labels, closed, reopened."""
    query = (
        select(Task.id)
        .join(Repository, Task.repository_id == Repository.id)
        .where(Repository.forge_id == issue.repository, Task.issue_number == issue.number)
    )
    for task_id in list(session.scalars(query)):
        task = lock_task(session, task_id)
        follow_issue(session, task, issue)
        record_lock(session, task, locked=issue.locked)
        if not issue.is_open:
            _closed(session, task, FORGE)
        elif task.ends_reason in (EndsReason.ISSUE_CLOSED, EndsReason.ISSUE_GONE) and not _is_private(session, task):
            _go_on(session, task)


def _is_private(session: Session, task: Task) -> bool:
    """An issue that may still be read with the App's rights is gone for everybody else."""
    return session.get_one(Repository, task.repository_id).private


def _go_on(session: Session, task: Task) -> None:
    announced = task.ends_at
    keep_going(session, task, FORGE)
    end_for_standing_reasons(session, task, FORGE)
    if announced is not None and task.ends_at is None:
        outbox.add(session, "notify.task_goes_on", task=task.id, announced=announced.isoformat())


def _closed(session: Session, task: Task, actor: Actor) -> None:
    if task.state is TaskState.WANTED:
        move(session, task, TaskEvent.GIVEN_UP, actor, reason=EndsReason.ISSUE_CLOSED)
    elif task.state in _ALIVE and task.ends_at is None and not has_late_claim(session, task):
        end_later(session, task, clock.now() + END_NOTICE, EndsReason.ISSUE_CLOSED, actor)
        outbox.add(session, "notify.task_ending", run_at=clock.real_now() + SECOND_THOUGHTS, task=task.id)


def issue_gone(session: Session, repository: Repository, number: int, *, moved_to: IssueInfo | None = None) -> None:
    """An issue was deleted, or moved: within the project its task follows, elsewhere it ends."""
    query = select(Task.id).where(Task.repository_id == repository.id, Task.issue_number == number)
    for task_id in list(session.scalars(query)):
        task = lock_task(session, task_id)
        target = _repository_in_project(session, task, moved_to)
        if moved_to is not None and target is not None:
            follow_moved_issue(session, task, target, moved_to.number)
            task.repository_id = target.id
            follow_issue(session, task, moved_to)
            end_for_standing_reasons(session, task, FORGE)
        elif task.state in _ALIVE:
            task.issue_exists = False
            end(session, task, EndsReason.ISSUE_GONE, FORGE)


def _repository_in_project(session: Session, task: Task, issue: IssueInfo | None) -> Repository | None:
    if issue is None:
        return None
    query = select(Repository).where(Repository.forge_id == issue.repository, Repository.project_id == task.project_id)
    target = session.scalars(query).first()
    if target is None:
        return None
    there = task_of_issue(session, target.id, issue.number)
    return target if there is None or there.state in OVER or there.id == task.id else None


def repository_gone(session: Session, repository: Repository) -> None:
    """A repository was deleted or made private: its tasks end."""
    _end_all(session, [repository.id], EndsReason.ISSUE_GONE, _ALIVE)


def follow_archiving(session: Session, repository_forge_ids: Collection[int]) -> None:
    """Tasks of archived repositories end, for nothing can be merged there; those of unarchived ones go on."""
    query = select(Repository).where(Repository.forge_id.in_(repository_forge_ids)).order_by(Repository.id)
    archived = {row.id: row.archived for row in session.scalars(query)}
    gone = [id for id, so in archived.items() if so]
    _end_all(session, gone, EndsReason.ARCHIVED, (TaskState.OPEN, TaskState.RESERVED))
    back = [id for id, so in archived.items() if not so]
    ending = select(Task.id).where(Task.repository_id.in_(back), Task.ends_reason == EndsReason.ARCHIVED)
    for task_id in sorted(session.scalars(ending.where(Task.ends_at.is_not(None)))):
        _go_on(session, lock_task(session, task_id))


def app_removed(
    session: Session, installation_forge_id: int, repository_forge_ids: list[int] | None, *, suspended: bool = False
) -> None:
    """The App was removed or suspended (None: everywhere it was): new money stops, the tasks end.

    A wanted task never needed it.
    """
    lost = projects.remove_installation(session, installation_forge_id, repository_forge_ids, suspended=suspended)
    if lost:
        outbox.add(session, "notify.app_left", repositories=[one.id for one in lost], suspended=suspended)
    _end_all(session, [one.id for one in lost], EndsReason.APP_GONE, (TaskState.OPEN, TaskState.RESERVED))


def app_installed(session: Session, repository_forge_ids: list[int]) -> None:
    """The App is (back) on these repositories: tasks that were ending for its absence go on."""
    query = select(Task.id).join(Repository, Task.repository_id == Repository.id)
    query = query.where(Repository.forge_id.in_(repository_forge_ids), Task.ends_reason == EndsReason.APP_GONE)
    for task_id in sorted(session.scalars(query)):
        _go_on(session, lock_task(session, task_id))


def follow_policy(session: Session, repository: Repository, *, bounties: bool) -> None:
    """A policy says no: the repository's tasks end, wanted ones too; says yes: those ending for its sake go on."""
    if not bounties:
        _end_all(session, [repository.id], EndsReason.POLICY_NO, _ALIVE)
        return
    ending = select(Task.id).where(Task.repository_id == repository.id, Task.ends_reason == EndsReason.POLICY_NO)
    for task_id in sorted(session.scalars(ending.where(Task.ends_at.is_not(None)))):
        _go_on(session, lock_task(session, task_id))


def _end_all(
    session: Session, repository_ids: list[int], reason: EndsReason, states: Collection[TaskState]
) -> None:  # fmt: skip
    query = select(Task.id).where(Task.repository_id.in_(repository_ids), Task.state.in_(states))
    for task_id in sorted(session.scalars(query)):
        end(session, lock_task(session, task_id), reason, FORGE)


def forget_unwanted(session: Session, task_id: int) -> None:
    """A wanted task that nobody new wanted for 180 days is given up."""
    task = lock_task(session, task_id)
    newest = session.scalar(select(func.max(Interest.at)).where(Interest.task_id == task.id)) or task.created_at
    if task.state is TaskState.WANTED and newest <= clock.now() - UNWANTED:
        end(session, task, EndsReason.UNWANTED, CLOCK)
