"""Entries as the public may see them, and what their commitments hide. Read by the sealer, receipts and the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.ledger.log.encoding import Body, BodyLine, PrivatePart
from bountyhub.ledger.log.models import Leaf
from bountyhub.ledger.models import Account, Entry, Line


def body_of(session: Session, id: int) -> Body | None:
    """An entry by its number, sealed or not; three queries."""
    entry = session.get(Entry, id)
    if entry is None:
        return None
    details = session.scalar(select(Leaf.details).where(Leaf.entry_id == id))
    return body(entry, lines_of(session, [id])[id], details)


def body(entry: Entry, lines: Iterable[BodyLine], details: str | None) -> Body:
    """What anybody may know of an entry."""
    return Body(
        id=entry.id, kind=entry.kind, currency=entry.currency, effective_at=entry.effective_at,
        recorded_at=entry.recorded_at, reverses=entry.reverses, lines=tuple(lines), details=details,
    )  # fmt: skip


def private(entry: Entry) -> PrivatePart:
    """What the commitment hides."""
    return PrivatePart(entry.key, entry.digest, entry.actor, entry.refs, entry.outside_id)


def lines_of(session: Session, ids: Sequence[int]) -> dict[int, list[BodyLine]]:
    """The lines of entries, in account order."""
    found: dict[int, list[BodyLine]] = {id: [] for id in ids}
    query = (
        select(Line.entry_id, Account.path, Line.amount, Line.balance_after)
        .join(Account, Account.id == Line.account_id)
        .where(Line.entry_id.in_(ids))
        .order_by(Line.entry_id, Line.account_id)
    )
    for entry, path, amount, after in session.execute(query):
        found[entry].append(BodyLine(path, amount, after))
    return found
