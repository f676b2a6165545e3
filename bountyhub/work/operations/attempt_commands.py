"""`/attempt` and `/unattempt` in a comment on a task's issue, or on a pull request that stands for one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.people.operations import Actor
from bountyhub.ports.forge import CommentInfo
from bountyhub.projects.models import Repository
from bountyhub.tasks.queries import task_of_issue
from bountyhub.work.attempts import standing
from bountyhub.work.errors import CommandRefused
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.models_attempts import Attempt
from bountyhub.work.next_step import day
from bountyhub.work.operations.attempts import begin_attempt, withdraw_attempt


def attempt_by_comment(session: Session, actor: Actor, repository: Repository, comment: CommentInfo) -> str:
    """They are on it; whoever can't be paid yet is told so before they work."""
    attempt = begin_attempt(session, actor, _task_id(session, repository, comment))
    session.flush()
    (said,) = standing(session, Attempt.id == attempt.id)
    if said.unpaid is None:
        return ""
    until = f"Noted until {day(said.lapses_at)}. " if said.lapses_at else ""
    page = f"{settings.current().PUBLIC_URL}/me"
    why = f"@{said.login} {said.unpaid.why}{';' if ':' in said.unpaid.why else ':'} {said.unpaid.then}."
    return f"{until}Know this before you start. {why} See {page}"


def unattempt_by_comment(session: Session, actor: Actor, repository: Repository, comment: CommentInfo) -> str:
    """They are not on it any more; without an attempt of theirs that is said."""
    if withdraw_attempt(session, actor, _task_id(session, repository, comment)) is None:
        raise CommandRefused("Nobody here knew that you are on it.", advice="Write `/attempt` to say that you are.")
    return ""


def _task_id(session: Session, repository: Repository, comment: CommentInfo) -> int:
    """The issue's task, or the one task that a pull request stands for."""
    if not comment.on_pull_request:
        task = task_of_issue(session, repository.id, comment.number)
        if task is None:
            raise CommandRefused("This issue has no task here.", advice="Write it on an issue that is funded.")
        return task.id
    query = select(Claim.task_id).where(Claim.repository_id == repository.id, Claim.pull_number == comment.number)
    found = session.scalars(query.where(Claim.state == ClaimState.LINKED).limit(2)).all()
    if len(found) != 1:
        raise CommandRefused("Which task is it about?", advice="Write it on the issue.")
    return found[0]


#: What each of these commands does.
ATTEMPTING = {"attempt": attempt_by_comment, "unattempt": unattempt_by_comment}
