"""A comment with commands: carried out for its author as GitHub knows them now, and answered.

Bots are not listened to, ourselves least of all. An edited comment commands nothing: on GitHub everybody who may
write there can edit it, and nobody is told who did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.integrations.github import commands, lookups, reads, texts
from bountyhub.integrations.github.commands import Command, Misused
from bountyhub.integrations.github.handlers import deleted, landing
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CommentInfo, ForgeEvent, Permission, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import project, repository_by_forge_id
from bountyhub.work.operations.commands import command
from bountyhub.work.operations.landed import Landed

ACTIONS = frozenset(("created", "deleted"))
DONE, REFUSED = "+1", "confused"
EDITED = "This comment was edited, so its commands were not carried out. Please write a new one."


def changed(run: Run, hint: ForgeEvent) -> None:
    """A new comment may command something, a deleted one may have been ours."""
    (deleted.deleted if hint.action == "deleted" else created)(run, hint)


def created(run: Run, hint: ForgeEvent) -> None:
    """Carry out what a new comment commands."""
    if hint.repository is None or hint.comment is None or not _is_listened_to(hint):
        reads.finish(run)
        return
    comment = _comment(hint.repository, hint.comment)
    found = commands.parse(comment.body, settings.current().GITHUB_WEB_URL) if comment else ()
    if comment is None or not found or comment.author.is_bot or not comment.author.id:
        reads.finish(run)
        return
    if comment.edited or comment.body != hint.comment_body:
        _refuse_edited(run, hint.repository, comment)
        return
    try:
        permission = forge().permission(hint.repository, comment.author)
        pull = forge().read_pull_request(hint.repository, comment.number) if comment.on_pull_request else None
        known = {one: landing.look_up(hint.repository, one) for one in found if one.name == "landed"}
    except OutsideGone:
        reads.finish(run)
        return
    _carry_out(run, hint.repository, comment, found, permission, pull, known)


def _is_listened_to(hint: ForgeEvent) -> bool:
    if hint.is_own_app or (hint.sender is not None and hint.sender.is_bot):
        return False
    with reading() as session:
        known = repository_by_forge_id(session, hint.repository or 0)
        return known is not None and known.installation_id is not None


def _comment(repository: int, comment: int) -> CommentInfo | None:
    try:
        return forge().read_comment(repository, comment)
    except OutsideGone:
        return None


def _refuse_edited(run: Run, repository: int, comment: CommentInfo) -> None:
    with transaction() as session:
        if not lookups.was_asked(session, _key(comment)):
            _answer(session, repository, comment, REFUSED, EDITED, "Commands in an edited comment.")
        run.done(session)


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
    run: Run, repository: int, comment: CommentInfo, found: Sequence[Command | Misused], permission: Permission,
    pull: PullRequestInfo | None, known: Mapping[Command | Misused, Landed | Misused],
) -> None:  # fmt: skip
    """All commands of a comment in one transaction, once: a repetition must not find them (half) done."""
    with transaction() as session:
        row = repository_by_forge_id(session, repository)
        if row is None or lookups.was_asked(session, _key(comment)):
            run.done(session)
            return
        answers = [_one(session, one, comment, row, permission, pull, known.get(one)) for one in found]
        replies = [reply for _, reply in answers if reply]
        reaction = DONE if all(done for done, _ in answers) else REFUSED
        _answer(session, repository, comment, reaction, "\n\n".join(replies), _why(found))
        run.done(session)


def _why(found: Sequence[Command | Misused]) -> str:
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
