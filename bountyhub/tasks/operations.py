"""Verbs of tasks: making them from issues, following the issue, moving through the states. Work and pages call them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.people import operations as people
from bountyhub.people.models import Identity
from bountyhub.people.operations import Actor
from bountyhub.ports.forge import IssueInfo
from bountyhub.projects.blocking import require_welcome
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.pausing import require_going
from bountyhub.projects.rules_policy import may_become_task
from bountyhub.tasks.errors import NotAnIssue, PolicyRefuses, TaskRefuses
from bountyhub.tasks.models import BY_DECISION, OVER, EndsReason, Interest, Task, TaskRevision, TaskState
from bountyhub.tasks.queries import tasks_of_issue
from bountyhub.tasks.rules import TaskEvent, TransitionRefused, next_state


def create_task(
    session: Session, repository: Repository, issue: IssueInfo, actor: Actor, *, opened: bool, quiet: bool = False
) -> Task:
    """The task of an issue, made if there is none; `opened` when a maintainer of an installed repository asks.

    `quiet`: one of many, so its issue hears of it only once there is money or work. Asking twice gives the same task;
    one that is over is followed by a new round. Raises NotAnIssue for a pull request or a closed issue, BlockedHere,
    ProjectPaused, PolicyRefuses where the policy file says no.
    """
    author = people.note_identity(session, issue.author) if issue.author.id else None
    task = _task_of(session, repository.id, issue.number)
    if task is None or task.state in OVER:
        # A double click waits here; claims on the repository's other tasks don't.
        session.get_one(Repository, repository.id, with_for_update={"key_share": True})
        task = _task_of(session, repository.id, issue.number)
    if task is None or _begins_anew(task, issue, opened=opened):
        task = _new_task(session, repository, issue, author, actor, previous=task)
    elif task.state is TaskState.WANTED:  # without the App nobody tells us of its issue's changes
        _require_open(issue)
        follow_issue(session, task, issue)
    if opened and task.state is TaskState.WANTED:
        open_task(session, task, actor, quiet=quiet)
    return task


def _require_open(issue: IssueInfo) -> None:
    if not issue.is_open:
        raise NotAnIssue("That issue is closed.", advice="Only open issues can become tasks.")


def _task_of(session: Session, repository_id: int, number: int) -> Task | None:
    query = tasks_of_issue(repository_id, number).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update()).first()


def _begins_anew(task: Task, issue: IssueInfo, *, opened: bool) -> bool:
    """What a decider cancelled, or a maintainer refused, only a maintainer begins anew."""
    return task.state in OVER and issue.is_open and (opened or task.ends_reason not in BY_DECISION)


def _require_policy(session: Session, repository_id: int, labels: Collection[str]) -> None:
    """What the policy file says now: a change of it that comes later ends what it finds."""
    repository = session.get_one(Repository, repository_id)
    session.refresh(repository, ["policy"])
    policy = repository.policy_now
    if not policy.bounties:
        raise PolicyRefuses("This project’s policy file says that its issues take no money.")
    if not may_become_task(policy, labels):
        names = ", ".join(f"“{label}”" for label in policy.labels)
        raise PolicyRefuses(f"By this project’s policy file only issues labelled {names} become tasks.")


def _new_task(
    session: Session, repository: Repository, issue: IssueInfo, author: Identity | None, actor: Actor, *,
    previous: Task | None,
) -> Task:  # fmt: skip
    if issue.is_pull_request:
        raise NotAnIssue("That is a pull request, not an issue.", advice="Paste the address of the issue it is about.")
    _require_open(issue)
    require_welcome(session, repository.project_id, actor.person_id)
    _require_policy(session, repository.id, issue.labels)
    project = session.get_one(Project, repository.project_id)
    require_going(project)
    task = Task(
        project_id=repository.project_id, repository_id=repository.id, issue_forge_id=issue.id,
        issue_number=issue.number, issue_open=True, author_id=author.id if author else None,
        title=issue.title[:500], labels=list(issue.labels), currency=project.currency, state=TaskState.WANTED,
        created_at=clock.now(), created_by=actor.person_id, revision=0, previous_id=previous.id if previous else None,
        quiet=True,
    )  # fmt: skip
    session.add(task)
    session.flush()
    add_revision(session, task, issue)
    audit.record(session, actor.name, "task_created", "task", task.id)
    return task


def lock_task(session: Session, task_id: int) -> Task:
    """The task, locked: the first lock of every change that concerns it. Raises NotFound."""
    task = session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None:
        raise NotFound("There is no such task.")
    return task


def lock_tasks(session: Session, task_ids: Collection[int]) -> None:
    """Several tasks, locked in the order everybody takes them."""
    for task_id in sorted(set(task_ids)):
        lock_task(session, task_id)


def open_task(session: Session, task: Task, actor: Actor, *, quiet: bool = False) -> None:
    """A maintainer opens a wanted task to funding; `quiet` as in `create_task`, until then its issue has heard nothing.

    Raises TaskRefuses, ProjectPaused, PolicyRefuses.
    """
    require_going(session.get_one(Project, task.project_id))
    task.quiet = quiet
    _require_policy(session, task.repository_id, task.labels)
    move(session, task, TaskEvent.OPENED, actor)
    task.opened_by = actor.person_id


def move(
    session: Session, task: Task, event: TaskEvent, actor: Actor, *, reason: EndsReason | None = None
) -> None:  # fmt: skip
    """Take the task through one event of its table and tell whoever shows it; raises TaskRefuses.

    `reason`: why it is cancelled, when it is.
    """
    detail = {"reason": reason} if reason else {}
    try:
        after = TaskState(next_state(task.state, event))
    except TransitionRefused as refused:
        raise TaskRefuses(f"This task is {task.state}: that is not possible now.") from refused
    audit.record(session, actor.name, f"task_{event}", "task", task.id, old=task.state, new=after, **detail)
    task.state = after
    if after is not TaskState.OPEN:
        task.ends_at = None
    task.ends_reason = reason or (task.ends_reason if after is TaskState.OPEN else None)
    if after in (TaskState.MERGED, TaskState.COMPLETED):
        task.ends_note = ""
    if after is TaskState.OPEN:
        find_pulls(session, task)
    show(session, task)


def end_later(session: Session, task: Task, at: datetime, reason: EndsReason, actor: Actor, note: str = "") -> None:
    """No new money from now; cancelled at `at` unless a claim is merged before."""
    task.ends_at, task.ends_reason, task.ends_note = at, reason, note[:500]
    audit.record(session, actor.name, "task_end_announced", "task", task.id, at=at.isoformat(), reason=reason)
    show(session, task)


def keep_going(session: Session, task: Task, actor: Actor) -> None:
    """The reason to end is gone (issue reopened, App back, cancel taken back)."""
    if task.ends_at is None:
        return
    audit.record(session, actor.name, "task_end_taken_back", "task", task.id, reason=str(task.ends_reason))
    task.ends_at, task.ends_reason, task.ends_note = None, None, ""
    find_pulls(session, task)
    show(session, task)


def find_pulls(session: Session, task: Task) -> None:
    """Ask for the pull requests that are open already: while a task was not, nobody listened to them."""
    outbox.add(session, "forge.find_pulls", key=f"pulls:{task.id}", task=task.id)


def show(session: Session, task: Task) -> None:
    """Ask for the issue's status comment and its claims' check runs to be brought up to date: one sentence in both."""
    if task.state is not TaskState.WANTED:
        outbox.add(session, "forge.sync_comment", key=f"comment:{task.id}", task=task.id)
        outbox.add(session, "work.refresh_claims", key=f"claims:{task.id}", task=task.id)


def follow_issue(session: Session, task: Task, issue: IssueInfo) -> None:
    """Take over title, labels, text and whether it is open from the forge."""
    changed = task.title != issue.title[:500] or task.labels != list(issue.labels)
    task.title, task.labels, task.issue_open = issue.title[:500], list(issue.labels), issue.is_open
    task.issue_exists, task.issue_number, task.issue_forge_id = True, issue.number, issue.id
    if add_revision(session, task, issue) or changed:
        show(session, task)


def add_revision(session: Session, task: Task, issue: IssueInfo) -> bool:
    """Keep the issue's text when it differs from the newest revision; whether it did."""
    query = select(TaskRevision).where(TaskRevision.task_id == task.id, TaskRevision.number == task.revision)
    newest = session.scalars(query).first()
    if newest is not None and (newest.title, newest.body) == (issue.title[:500], issue.body):
        return False
    task.revision += 1
    session.add(
        TaskRevision(task_id=task.id, number=task.revision, title=issue.title[:500], body=issue.body, at=clock.now())
    )
    return True


def want(session: Session, task: Task, person_id: int) -> None:
    """Register one person's interest in a wanted task, once."""
    task = lock_task(session, task.id)
    if task.ends_reason in BY_DECISION and task.state in OVER:
        raise TaskRefuses("The project said no to this.", advice="Only its maintainers can begin it anew.")
    if task.state is not TaskState.WANTED:
        raise TaskRefuses("This task is open already: fund it instead.")
    query = select(Interest.id).where(Interest.task_id == task.id, Interest.person_id == person_id)
    if session.scalars(query).first() is None:
        session.add(Interest(task_id=task.id, person_id=person_id, at=clock.now()))


def forget_wishes(session: Session, person_id: int | None, identity_ids: Collection[int]) -> None:
    """Who wanted, listed, opened or wrote tasks is forgotten; the tasks stay."""
    session.execute(update(Task).where(Task.author_id.in_(identity_ids)).values(author_id=None))
    if person_id is not None:
        session.execute(delete(Interest).where(Interest.person_id == person_id))
        session.execute(update(Task).where(Task.created_by == person_id).values(created_by=None))
        session.execute(update(Task).where(Task.opened_by == person_id).values(opened_by=None))
