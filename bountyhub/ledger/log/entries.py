"""Entries as the public may see them, and what their commitments hide. Read by the sealer, receipts and the API."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.ledger.log.encoding import PrivatePart, PublicEntry, PublicLine
from bountyhub.ledger.log.models import Leaf
from bountyhub.ledger.models import Account, Entry, Line

LIMIT = 100


def public_entries(
    session: Session, *, ids: Collection[int] | None = None, after: int = 0, limit: int = LIMIT
) -> list[PublicEntry]:
    """Entries by these ids, or the next `limit` after an id; in id order, sealed or not. Two queries."""
    query = select(Entry, Leaf.number, Leaf.details).outerjoin(Leaf, Leaf.entry_id == Entry.id).order_by(Entry.id)
    query = query.where(Entry.id.in_(list(ids))) if ids is not None else query.where(Entry.id > after).limit(limit)
    rows = session.execute(query).all()
    lines = lines_of(session, [entry.id for entry, _, _ in rows])
    return [public(entry, lines[entry.id], details, number) for entry, number, details in rows]


def public(
    entry: Entry, lines: Iterable[PublicLine], details: str | None, number: int | None = None
) -> PublicEntry:  # fmt: skip
    """What anybody may know of an entry."""
    return PublicEntry(
        id=entry.id, kind=entry.kind, currency=entry.currency, effective_at=entry.effective_at,
        recorded_at=entry.recorded_at, reverses=entry.reverses, lines=tuple(lines), details=details, number=number,
    )  # fmt: skip


def private(entry: Entry) -> PrivatePart:
    """What the commitment hides."""
    return PrivatePart(entry.key, entry.digest, entry.actor, entry.refs, entry.outside_id)


def lines_of(session: Session, ids: Sequence[int]) -> dict[int, list[PublicLine]]:
    """The lines of entries, in account order."""
    found: dict[int, list[PublicLine]] = {id: [] for id in ids}
    query = (
        select(Line.entry_id, Account.path, Line.amount, Line.balance_after)
        .join(Account, Account.id == Line.account_id)
        .where(Line.entry_id.in_(ids))
        .order_by(Line.entry_id, Line.account_id)
    )
    for entry, path, amount, after in session.execute(query):
        found[entry].append(PublicLine(path, amount, after))
    return found
