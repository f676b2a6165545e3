"""How far the lists of GitHub were read, and which comments were obeyed: rows written with what they led to.

Called by the jobs and handlers of this integration, inside their transactions.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.bot.models import ForgePosition, HandledComment
from bountyhub.kit import clock
from bountyhub.ports.forge_polling import ChangedItem, Changes

#: How far the first look at a list goes back; GitHub keeps failed deliveries as long.
FIRST_LOOK = timedelta(days=3)


def issues_of(repository: int) -> str:
    """The name of a repository's (forge id) list of issues and pull requests."""
    return f"issues:{repository}"


def comments_of(repository: int) -> str:
    """The name of a repository's (forge id) list of comments."""
    return f"comments:{repository}"


def begin(session: Session, what: str) -> tuple[datetime, str]:
    """Where the next read of a list begins (the forge's time), and its ETag; some days ago for one that is new."""
    row = session.get(ForgePosition, what)
    return (clock.now() - FIRST_LOOK, "") if row is None else (row.since, row.etag)


def unseen(session: Session, what: str, items: Collection[ChangedItem]) -> list[ChangedItem]:
    """Those of a list whose last change wasn't met by a former read."""
    row = session.get(ForgePosition, what)
    seen = row.seen if row is not None else {}
    return [item for item in items if seen.get(str(item.number)) != item.updated_at.isoformat()]


def note(session: Session, what: str, since: datetime, etag: str, items: Collection[ChangedItem] = ()) -> None:
    """A list was read: the next read begins at `since`, and these items of it are known."""
    row = session.get(ForgePosition, what, with_for_update=True) or _new(session, what)
    row.since, row.etag, row.read_at = since, etag, clock.real_now()
    if items:
        recent = (item for item in items if item.updated_at >= since)
        row.seen = {str(item.number): item.updated_at.isoformat() for item in recent}


def note_changes(session: Session, what: str, changes: Changes[ChangedItem]) -> list[ChangedItem]:
    """Record the read of a list of issues; gives what of it wasn't met before."""
    new = unseen(session, what, changes.items)
    note(session, what, changes.since, changes.etag, changes.items)
    return new


def _new(session: Session, what: str) -> ForgePosition:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    now = clock.real_now()
    values = {"what": what, "since": now, "etag": "", "seen": {}, "cursor": "", "read_at": now}
    session.execute(insert(ForgePosition).values(**values).on_conflict_do_nothing())
    return session.get_one(ForgePosition, what, with_for_update=True)


def obey_from_now(session: Session, repositories: Collection[int]) -> None:
    """The App came to these repositories (forge ids), anew or again: what was commented without it isn't ours."""
    since = clock.now().replace(microsecond=0)  # the forge's moments are whole seconds
    for repository in repositories:
        note(session, comments_of(repository), since, "")


def take_comment(session: Session, comment: int) -> bool:
    """Claim a comment (forge id) for this transaction; False when it was handled before, by whichever road it came."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(HandledComment).values(comment_id=comment, at=clock.now())
    made = session.execute(statement.on_conflict_do_nothing().returning(HandledComment.comment_id))
    return made.first() is not None


def handled(session: Session, comments: Collection[int]) -> set[int]:
    """Those of these comments (forge ids) that were handled."""
    query = select(HandledComment.comment_id).where(HandledComment.comment_id.in_(comments))
    return set(session.scalars(query)) if comments else set()
