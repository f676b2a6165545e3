"""How much every kind of event moved on every kind of account, ever, without reading every line again.

A job carries the sums of older entries forward; a reader adds the lines of the newest ones. `verify` holds what was
carried against the lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ledger.models import Account, CarriedSum, Entry, Line

#: (currency, kind of account, kind of entry) → signed sum of lines.
Sums = dict[tuple[str, str, str], int]
#: Younger entries are added by readers: one that was numbered earlier may still be on its way to its commit.
SETTLED = timedelta(hours=1)


def sums(session: Session) -> Sums:
    """Everything that was ever booked, by currency and kinds (+ debit, − credit); two queries."""
    carried = session.scalars(select(CarriedSum)).all()
    found = {(row.currency, row.account_kind, row.entry_kind): row.amount for row in carried}
    return _plus(found, session, _lines(_mark(carried)))


@recurring("ledger.carry_sums", every=3600)
def carry_sums(run: Run) -> None:
    """Move the mark forward."""
    with transaction() as session:
        carry(session)


def carry(session: Session) -> int:
    """Carry the sums of all settled entries; up to which one. Two runs at once wait for each other or fail."""
    rows = session.scalars(select(CarriedSum).order_by(CarriedSum.id).with_for_update()).all()
    mark = _mark(rows)
    settled = Entry.recorded_at < clock.now() - SETTLED
    upto = session.scalar(select(func.max(Entry.id)).where(Entry.id > mark, settled))
    if upto is None:
        return mark
    new = _plus({}, session, _lines(mark).where(Line.entry_id <= upto))
    for row in rows:
        row.amount += new.pop((row.currency, row.account_kind, row.entry_kind), 0)
        row.upto = upto
    keys = ("currency", "account_kind", "entry_kind")
    added = [dict(zip(keys, key, strict=True)) | {"amount": amount, "upto": upto} for key, amount in new.items()]
    if added:
        session.execute(insert(CarriedSum), added)
    return upto


def _mark(rows: Sequence[CarriedSum]) -> int:
    return max((row.upto for row in rows), default=0)


def _lines(after: int) -> Select[str, str, str, int]:
    return (
        select(Account.currency, Account.kind, Entry.kind, func.sum(Line.amount))
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Line.entry_id > after)
        .group_by(Account.currency, Account.kind, Entry.kind)
    )


def _plus(found: Sums, session: Session, query: Select[str, str, str, int]) -> Sums:
    for currency, account, entry, amount in session.execute(query):
        key = (currency, account, entry)
        found[key] = found.get(key, 0) + int(amount)
    return found
