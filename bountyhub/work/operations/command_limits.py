"""Counts commands, in the database, so that all processes count together and a repeated delivery counts once."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.kit import clock
from bountyhub.people.models import Identity
from bountyhub.people.operations import note_identity
from bountyhub.ports.forge import CommentInfo
from bountyhub.projects.models import Repository
from bountyhub.work.models_commands import CommandComment
from bountyhub.work.rules_commands import ISSUE_SPAN, KEPT, PERSON_SPAN, TooMany, too_many


def count_commands(session: Session, repository: Repository, comment: CommentInfo, commands: int) -> TooMany | None:
    """Count a comment's commands; why they are too many, where they are: then nothing of it is carried out.

    Everybody who is noted in the transaction was noted before. The repository is locked, so that two comments at once
    are counted one after the other.
    """
    session.get_one(Repository, repository.id, with_for_update={"key_share": True})
    refused = why_too_many(session, repository, comment, commands)
    session.add(
        CommandComment(
            comment_id=comment.id, repository_id=repository.id, number=comment.number,
            identity_id=note_identity(session, comment.author).id, commands=0 if refused else commands,
            at=clock.real_now(),
        )
    )  # fmt: skip
    session.flush()
    return refused


def why_too_many(session: Session, repository: Repository, comment: CommentInfo, commands: int) -> TooMany | None:
    """Whether so many more commands would be too many; counts nothing."""
    if not settings.current().RATE_LIMITS:
        return None
    now = clock.real_now()
    counted = select(func.coalesce(func.sum(CommandComment.commands), 0))
    theirs = counted.join(Identity, Identity.id == CommandComment.identity_id)
    theirs = theirs.join(Repository, Repository.id == CommandComment.repository_id)
    theirs = theirs.where(Identity.forge_id == comment.author.id, Repository.project_id == repository.project_id)
    here = counted.where(CommandComment.repository_id == repository.id, CommandComment.number == comment.number)
    by_person = session.scalar(theirs.where(CommandComment.at > now - PERSON_SPAN))
    on_issue = session.scalar(here.where(CommandComment.at > now - ISSUE_SPAN))
    return too_many(commands, by_person=int(by_person or 0), on_issue=int(on_issue or 0))


def forget_old(session: Session) -> None:
    """What was counted long ago is counted no more."""
    session.execute(delete(CommandComment).where(CommandComment.at < clock.real_now() - KEPT))
