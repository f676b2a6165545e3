"""Comments with commands: each carried out once for its author as GitHub knows them now, in the order of writing.

Called by the webhook's handler and, for comments that no webhook told of, by the job of the scan. Bots are not listened
to, ourselves least of all. An edited comment commands nothing: on GitHub everybody who may write there can edit it, and
nobody is told who did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from bountyhub.bot import commands, landing, positions, reads, splitting, texts
from bountyhub.bot.commands import Command, Misused
from bountyhub.bot.turns import one_at_a_time
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.people.operations import note_identities
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CommentInfo, ForgePerson, Permission, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.projects.policies import permission_with
from bountyhub.projects.queries import block_of_account, languages_of, repository_by_forge_id
from bountyhub.work.operations.claims import people_of
from bountyhub.work.operations.command_limits import count_commands, why_too_many
from bountyhub.work.operations.commands import command
from bountyhub.work.operations.landed import Landed
from bountyhub.work.operations.splits import Split

Known = Landed | Split | Misused
#: What GitHub is asked about a command before its transaction.
_LOOK_UP: Mapping[str, Callable[[int, Command | Misused], Known]] = {
    "landed": landing.look_up, "split": splitting.look_up,
}  # fmt: skip
DONE, REFUSED, TOO_MANY = "+1", "confused", "eyes"
#: What somebody blocked from the project can still say: it is about their own money.
HEARD = frozenset(("object",))
BLOCKED = "Commands of somebody who is blocked from the project."
EDITED = "This comment was edited, so its commands were not carried out. Please write a new one."
Found = tuple[Command | Misused, ...]


def commands_in(comment: CommentInfo) -> Found:
    """What a comment commands; nothing for those of bots and of deleted accounts."""
    if comment.author.is_bot or not comment.author.id:
        return ()
    return commands.parse(comment.body, forge().site.web_url)


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
    found, hushed = commands_in(comment), _is_blocked(repository, comment)
    if hushed:
        found = tuple(one for one in found if one.name in HEARD and not comment.edited)
        if not found:
            _hush(repository, comment)
            return
    if _is_over(repository, comment, len(found)):
        return
    if comment.edited:
        _refuse_edited(repository, comment, len(found))
        return
    try:
        permission = forge().permission(repository, comment.author)
        pull = forge().read_pull_request(repository, comment.number) if comment.on_pull_request else None
        known = {one: _LOOK_UP[one.name](repository, one) for one in found if one.name in _LOOK_UP}
    except OutsideGone:
        return
    _carry_out(repository, comment, found, permission, pull, known, hushed=hushed)


def _is_blocked(repository: int, comment: CommentInfo) -> bool:
    with reading() as session:
        row = repository_by_forge_id(session, repository)
        return row is not None and block_of_account(session, row.project_id, comment.author.id) is not None


def _hush(repository: int, comment: CommentInfo) -> None:
    """Somebody blocked gets no word from the bot."""
    with transaction() as session:
        if positions.take_comment(session, comment.id):
            _answer(session, repository, comment, REFUSED, "", BLOCKED)


def _is_over(repository: int, comment: CommentInfo, commands: int) -> bool:
    """Whether a comment holds too many commands: then GitHub is asked nothing more about it."""
    with reading() as session:
        row = repository_by_forge_id(session, repository)
        over = row is None or why_too_many(session, row, comment, commands) is not None
    if over:
        with transaction() as session:
            _begin(session, repository, comment, commands, [])
    return over


def _begin(
    session: Session, repository: int, comment: CommentInfo, commands: int, named: Sequence[ForgePerson]
) -> Repository | None:  # fmt: skip
    """The repository, once the comment is counted; None where there is nothing more to do: answered, or too many.

    What is too many gets one silent reaction and no words, however many they are. `named`: whom else the commands need.
    """
    note_identities(session, [comment.author, *named])
    row = repository_by_forge_id(session, repository)
    if row is None or not positions.take_comment(session, comment.id):
        return None
    if count_commands(session, row, comment, commands) is not None:
        _answer(session, repository, comment, TOO_MANY, "", "Too many commands in a short time.")
        return None
    return row


def _refuse_edited(repository: int, comment: CommentInfo, commands: int) -> None:
    with transaction() as session:
        if _begin(session, repository, comment, commands, []) is not None:
            _answer(session, repository, comment, REFUSED, EDITED, "Commands in an edited comment.")


def _key(comment: CommentInfo) -> str:
    return f"answer:{comment.id}"


def _answer(
    session: Session, repository: int, comment: CommentInfo, reaction: str, reply: str, why: str
) -> None:  # fmt: skip
    row = repository_by_forge_id(session, repository)
    spoken = languages_of(session, row) if row else ("en",)
    reply = texts.reply(reply, spoken) if reply else ""
    outbox.add(
        session, "forge.answer", key=_key(comment), repository=repository, number=comment.number,
        comment=comment.id, reaction=reaction, reply=reply, why=why,
    )  # fmt: skip


def _carry_out(
    repository: int, comment: CommentInfo, found: Found, permission: Permission, pull: PullRequestInfo | None,
    known: Mapping[Command | Misused, Known], *, hushed: bool = False,
) -> None:  # fmt: skip
    """All commands of a comment in one transaction, once: a repetition must not find them (half) done."""
    named = [person for one in known.values() if not isinstance(one, Misused) for person in one.people]
    with transaction() as session:
        row = _begin(session, repository, comment, len(found), [*named, *(people_of(pull) if pull else [])])
        if row is None:
            return
        permission = permission_with(session, row.id, comment.author.id, permission)
        answers = [_one(session, one, comment, row, permission, pull, known.get(one)) for one in found]
        replies = [reply for _, reply in answers if reply and not hushed]
        reaction = DONE if all(done for done, _ in answers) else REFUSED
        _answer(session, repository, comment, reaction, "\n\n".join(replies), _why(found))


def _why(found: Found) -> str:
    """The commands by name, without what was written behind them."""
    return "Commands: " + ", ".join(dict.fromkeys(f"/{one.name}" for one in found)) + "."


def _one(
    session: Session, one: Command | Misused, comment: CommentInfo, repository: Repository, permission: Permission,
    pull: PullRequestInfo | None, known: Known | None = None,
) -> tuple[bool, str]:  # fmt: skip
    """Whether it was done, and what to say."""
    if isinstance(one, Misused):
        return False, one.advice
    if isinstance(known, Misused):
        return False, known.advice
    if one.issue is not None and one.issue.name not in (None, repository.full_name.lower()):
        return False, f"`/{one.name}` takes issues of this repository only: write `/{one.name} #12`."
    try:
        with session.begin_nested():
            reply = command(
                session, name=one.name, argument=one.argument, comment=comment, repository=repository,
                permission=permission, pull=pull, known=known,
            )  # fmt: skip
    except DomainError as refusal:
        return False, f"{refusal.message} {refusal.advice}".strip()
    return True, reply
