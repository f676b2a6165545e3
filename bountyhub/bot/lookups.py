"""What the jobs and handlers look up in the database before they ask the forge."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from bountyhub.kit import clock
from bountyhub.projects.models import Installation, Repository, Role
from bountyhub.projects.queries import head_of, paying_branches, repository_by_forge_id
from bountyhub.projects.rules import WRITE
from bountyhub.tasks.imports.models import FollowedLabel
from bountyhub.tasks.models import EndsReason, Task, TaskState
from bountyhub.work.models import Claim, ClaimState, LabelState, StatusComment

#: So long after a release a revert is still looked for.
STILL_WATCHED = timedelta(days=30)
#: States in which a task's issue and pull requests still matter.
LIVE = (TaskState.OPEN, TaskState.RESERVED, TaskState.MERGED)


def has_tasks(session: Session, repository: int) -> bool:
    """Whether pull requests of this repository (forge id) could concern any task of its project."""
    query = select(Task.id).join(Repository, Repository.project_id == Task.project_id)
    return session.scalar(select(exists(query.where(Repository.forge_id == repository)))) or False


def has_task_for(session: Session, repository: int, number: int) -> bool:
    """Whether an issue (repository's forge id, number) has a task."""
    query = select(Task.id).join(Repository, Repository.id == Task.repository_id)
    query = query.where(Repository.forge_id == repository, Task.issue_number == number)
    return session.scalar(select(exists(query))) or False


def followed_names(session: Session, repository: int) -> set[str]:
    """Names, in lower case, of the labels that are followed in a repository (forge id)."""
    query = select(FollowedLabel.name).join(Repository, Repository.id == FollowedLabel.repository_id)
    return {name.lower() for name in session.scalars(query.where(Repository.forge_id == repository))}


def follows(session: Session, repository: int, label: int | None) -> bool:
    """Whether this label (forge ids), or where none is named any, is followed in a repository."""
    query = select(FollowedLabel.id).join(Repository, Repository.id == FollowedLabel.repository_id)
    query = query.where(Repository.forge_id == repository)
    query = query if label is None else query.where(FollowedLabel.label_forge_id == label)
    return session.scalar(select(exists(query))) or False


def has_decided(session: Session, repository: int, number: int) -> bool:
    """Whether an issue (repository's forge id, number) has or had a task that was more than wanted: no label's matter.

    One that was refused, or is over, only a person begins anew.
    """
    query = select(Task.id).join(Repository, Repository.id == Task.repository_id)
    query = query.where(Repository.forge_id == repository, Task.issue_number == number)
    return session.scalar(select(exists(query.where(Task.state != TaskState.WANTED)))) or False


def is_watched(session: Session, repository: int, branch: str) -> bool:
    """Whether a merge into a branch of a repository (forge id) pays, and what is on it was looked at before."""
    known = repository_by_forge_id(session, repository)
    if known is None or branch not in paying_branches(session, known):
        return False
    return bool(head_of(session, known.id, branch))


def issue_of(session: Session, task: int) -> tuple[int, int]:
    """A task's issue: its repository's forge id and its number."""
    query = select(Repository.forge_id, Task.issue_number).join(Task, Task.repository_id == Repository.id)
    found = session.execute(query.where(Task.id == task)).one()
    return found[0], found[1]


def task_commented(session: Session, repository: int, number: int, comment: int, *, may_be_new: bool) -> int | None:
    """The newest task of an issue (repository's forge id, number) whose status comment has this forge id.

    `may_be_new`: also where we don't know yet which comment it is.
    """
    query = (
        select(Task.id)
        .join(Repository, Repository.id == Task.repository_id)
        .join(StatusComment, StatusComment.repository_id == Repository.id)
        .where(Repository.forge_id == repository, Task.issue_number == number)
        .where(StatusComment.issue_number == number)
    )
    known = StatusComment.comment_id == comment
    unknown = StatusComment.comment_id.is_(None) & StatusComment.tried_at.is_not(None)
    query = query.where(known | unknown if may_be_new else known)
    return session.scalars(query.order_by(Task.id.desc()).limit(1)).first()


def labelled_task(session: Session, repository: int, number: int) -> int | None:
    """The newest task of an issue (repository's forge id, number) that carries our label."""
    query = (
        select(Task.id)
        .join(Repository, Repository.id == Task.repository_id)
        .join(StatusComment, StatusComment.repository_id == Repository.id)
        .where(Repository.forge_id == repository, Task.issue_number == number, StatusComment.issue_number == number)
        .where(StatusComment.label == LabelState.OURS)
    )
    return session.scalars(query.order_by(Task.id.desc()).limit(1)).first()


def is_settled(session: Session, repository: int, number: int) -> bool:
    """Whether the newest task of an issue (repository's forge id, number) was merged and nobody can object any more."""
    query = select(Task).join(Repository, Repository.id == Task.repository_id)
    query = query.where(Repository.forge_id == repository, Task.issue_number == number).order_by(Task.id.desc())
    task = session.scalars(query.limit(1)).first()
    if task is None or task.state not in (TaskState.MERGED, TaskState.COMPLETED):
        return False
    states = set(session.scalars(select(Claim.state).where(Claim.task_id == task.id)))
    return not states & {ClaimState.WINDOW, ClaimState.BLOCKED, ClaimState.WARRANTY, ClaimState.LATE, ClaimState.CHOICE}


def is_private(session: Session, repository: int) -> bool:
    """Whether a repository (forge id) was private when it was last read."""
    query = select(Repository.id).where(Repository.forge_id == repository, Repository.private)
    return session.scalar(select(exists(query))) or False


def covered_by(session: Session, installation: int) -> list[int]:
    """Forge ids of the repositories we believe an installation (forge id) covers."""
    query = select(Repository.forge_id).join(Installation, Installation.id == Repository.installation_id)
    return list(session.scalars(query.where(Installation.forge_id == installation)))


def lacks(session: Session, installation: int) -> list[str]:
    """Permissions that an installation (forge id) lacked when it was last read."""
    return session.scalar(select(Installation.missing).where(Installation.forge_id == installation)) or []


def issues_given_up(session: Session, repository: int) -> list[int]:
    """Numbers of issues whose tasks end because they were gone with their repository (forge id)."""
    query = select(Task.issue_number).join(Repository, Repository.id == Task.repository_id)
    query = query.where(Repository.forge_id == repository, Task.ends_reason == EndsReason.ISSUE_GONE)
    return list(session.scalars(query.where(Task.ends_at.is_not(None)).order_by(Task.id)))


def live_installations(session: Session) -> list[int]:
    """Forge ids of the installations we believe in."""
    return list(session.scalars(select(Installation.forge_id).where(Installation.removed_at.is_(None))))


def maintainers(session: Session) -> list[tuple[int, int]]:
    """(person, repository's forge id) of everybody who could merge in an installed repository when last asked."""
    query = select(Role.person_id, Repository.forge_id).join(Repository, Repository.id == Role.repository_id)
    query = query.where(Repository.installation_id.is_not(None), Role.permission >= WRITE)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Role.id))]


def watched_repositories(session: Session) -> list[int]:
    """Forge ids of installed public repositories of projects with live tasks, or where something was paid lately."""
    projects = select(Task.project_id).where(Task.state.in_(LIVE))
    paid = select(Claim.repository_id).where(Claim.released_at > clock.now() - STILL_WATCHED)
    query = select(Repository.forge_id).where(Repository.installation_id.is_not(None), ~Repository.private)
    watched = Repository.project_id.in_(projects) | Repository.id.in_(paid)
    return list(session.scalars(query.where(watched).order_by(Repository.id)))


def claims_beside(session: Session, claim_id: int) -> list[int]:
    """The claims a check run of this claim's pull request has to show, by task: live ones, or this one alone."""
    hidden = (ClaimState.UNLINKED, ClaimState.CLOSED)
    claim = session.get_one(Claim, claim_id)
    query = select(Claim.id).where(Claim.repository_id == claim.repository_id, Claim.pull_number == claim.pull_number)
    return list(session.scalars(query.where(Claim.state.not_in(hidden)).order_by(Claim.task_id))) or [claim_id]


def linked_claims(session: Session, repositories: list[int]) -> list[int]:
    """Claims of these repositories (forge ids) whose pull requests wait for a merge."""
    query = select(Claim.id).join(Repository, Repository.id == Claim.repository_id)
    query = query.where(Repository.forge_id.in_(repositories), Claim.state == ClaimState.LINKED)
    return list(session.scalars(query.order_by(Claim.id)))


def pulls_for_open_issue(session: Session, repository: int, number: int) -> list[tuple[int, int]]:
    """(forge id of its repository, number) of what stands for the task of an issue that we believe to be open."""
    home = aliased(Repository)
    query = (
        select(home.forge_id, Claim.pull_number)
        .join(Claim, Claim.repository_id == home.id)
        .join(Task, Task.id == Claim.task_id)
        .join(Repository, Repository.id == Task.repository_id)
        .where(Repository.forge_id == repository, Task.issue_number == number, Task.issue_open.is_(True))
        .where(Claim.state == ClaimState.LINKED)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
