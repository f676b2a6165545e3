"""Comments with commands: each carried out once for its author as GitHub knows them now, in the order of writing.

Called by the webhook's handler and, for comments that no webhook told of, by the job of the scan. Bots are not listened
to, ourselves least of all. An edited comment commands nothing: on GitHub everybody who may write there can edit it, and
nobody is told who did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.integrations.github import commands, landing, positions, reads, texts
from bountyhub.integrations.github.commands import Command, Misused
from bountyhub.integrations.github.turns import one_at_a_time
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CommentInfo, Permission, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import project, repository_by_forge_id
from bountyhub.work.operations.commands import command
from bountyhub.work.operations.landed import Landed

DONE, REFUSED = "+1", "confused"
EDITED = "This comment was edited, so its commands were not carried out. Please write a new one."
Found = tuple[Command | Misused, ...]


def commands_in(comment: CommentInfo) -> Found:
    """What a comment commands; nothing for those of bots and of deleted accounts."""
    if comment.author.is_bot or not comment.author.id:
        return ()
    return commands.parse(comment.body, settings.current().GITHUB_WEB_URL)


def pending(comments: Sequence[CommentInfo]) -> list[CommentInfo]:
    """Those of these comments that command something and were not handled, in the order they were written."""
    found = [comment for comment in comments if commands_in(comment)]
    with reading() as session:
        known = positions.handled(session, [comment.id for comment in found])
    return sorted((comment for comment in found if comment.id not in known), key=lambda comment: comment.id)


def obey(run: Run, repository: int, number: int, comments: Sequence[CommentInfo]) -> None:
    """Carry out comments of one issue or pull request (repository's forge id, number), one after the other."""
    with one_at_a_time("commands", repository, number):
        for comment in pending(comments):
            _obey(repository, comment)
    reads.finish(run)


def _obey(repository: int, comment: CommentInfo) -> None:
    if comment.edited:
        _refuse_edited(repository, comment)
        return
    found = commands_in(comment)
    try:
        permission = forge().permission(repository, comment.author)
        pull = forge().read_pull_request(repository, comment.number) if comment.on_pull_request else None
        known = {one: landing.look_up(repository, one) for one in found if one.name == "landed"}
    except OutsideGone:
        return
    _carry_out(repository, comment, found, permission, pull, known)


def _refuse_edited(repository: int, comment: CommentInfo) -> None:
    with transaction() as session:
        if positions.take_comment(session, comment.id):
            _answer(session, repository, comment, REFUSED, EDITED, "Commands in an edited comment.")


def _key(comment: CommentInfo) -> str:
    return f"answer:{comment.id}"


def _answer(
    session: Session, repository: int, comment: CommentInfo, reaction: str, reply: str, why: str
) -> None:  # fmt: skip
    row = repository_by_forge_id(session, repository)
    spoken = project(session, row.project_id).languages.split(",") if row else ["en"]
    reply = texts.reply(reply, spoken) if reply else ""
    outbox.add(
        session, "forge.answer", key=_key(comment), repository=repository, number=comment.number,
        comment=comment.id, reaction=reaction, reply=reply, why=why,
    )  # fmt: skip


def _carry_out(
    repository: int, comment: CommentInfo, found: Found, permission: Permission, pull: PullRequestInfo | None,
    known: Mapping[Command | Misused, Landed | Misused],
) -> None:  # fmt: skip
    """All commands of a comment in one transaction, once: a repetition must not find them (half) done."""
    with transaction() as session:
        row = repository_by_forge_id(session, repository)
        if row is None or not positions.take_comment(session, comment.id):
            return
        answers = [_one(session, one, comment, row, permission, pull, known.get(one)) for one in found]
        replies = [reply for _, reply in answers if reply]
        reaction = DONE if all(done for done, _ in answers) else REFUSED
        _answer(session, repository, comment, reaction, "\n\n".join(replies), _why(found))


def _why(found: Found) -> str:
    """The commands by name, without what was written behind them."""
    return "Commands: " + ", ".join(dict.fromkeys(f"/{one.name}" for one in found)) + "."


def _one(
    session: Session, one: Command | Misused, comment: CommentInfo, repository: Repository, permission: Permission,
    pull: PullRequestInfo | None, landed: Landed | Misused | None = None,
) -> tuple[bool, str]:  # fmt: skip
    """Whether it was done, and what to say."""
    if isinstance(one, Misused):
        return False, one.advice
    if isinstance(landed, Misused):
        return False, landed.advice
    if one.issue is not None and one.issue.name not in (None, repository.full_name.lower()):
        return False, f"`/{one.name}` takes issues of this repository only: write `/{one.name} #12`."
    try:
        with session.begin_nested():
            reply = command(
                session, name=one.name, argument=one.argument, comment=comment, repository=repository,
                permission=permission, pull=pull, landed=landed,
            )  # fmt: skip
    except DomainError as refusal:
        return False, f"{refusal.message} {refusal.advice}".strip()
    return True, reply
