"""How much every kind of event moved on every kind of account, ever, without reading every line again.

Jobs carry the sums of older entries forward, some thousands at a time so that nobody waits long for the write lock; a
reader adds the lines of the newest ones. What was carried is held against the balances each hour and, by `verify`,
against the lines; where it disagrees it is computed once more from the first line. So an entry that was numbered
before the mark and committed after it is not lost.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, see_one_state, transaction
from bountyhub.ledger.models import Account, CarriedSum, Entry, Line

log = logging.getLogger("bountyhub.ledger")

#: (currency, kind of account, kind of entry) → signed sum of lines.
Sums = dict[tuple[str, str, str], int]
#: Younger entries are added by readers: one that was numbered earlier may still be on its way to its commit. Measured
#: by protocol time: business time jumps.
SETTLED = timedelta(hours=1)
#: Entries that one transaction carries.
BATCH = 20_000
#: The name of the rule that holds what was carried against the lines.
RULE = "the sums carried forward are those of their lines"


def sums(session: Session) -> Sums:
    """Everything that was ever booked, by currency and kinds (+ debit, − credit); two queries."""
    carried = session.scalars(select(CarriedSum)).all()
    return _plus(_told(carried), session, _lines(_mark(carried)))


@recurring("ledger.carry_sums", every=3600)
def carry_sums(run: Run) -> None:
    """Mend what was carried if the balances say something else, then move the mark forward."""
    if not agree():
        recompute()
    _carry_some(run)


@job("ledger.carry_more", queue="sweep")
def carry_more(run: Run) -> None:
    """The next ones, until none is left."""
    _carry_some(run)


@job("ledger.recompute_sums", queue="sweep")
def recompute_sums(run: Run) -> None:
    """Asked for when a check found sums that are not those of their lines."""
    recompute()


def _carry_some(run: Run) -> None:
    with transaction() as session:
        if _end(session, carry(session)) is not None:
            outbox.add(session, "ledger.carry_more", key="ledger.carry_more")
        run.done(session)


def carry(session: Session) -> int:
    """Carry the sums of the next settled entries; up to which one. Two runs at once wait for each other or fail."""
    rows = session.scalars(select(CarriedSum).order_by(CarriedSum.id).with_for_update()).all()
    mark = _mark(rows)
    upto = _end(session, mark)
    if upto is None:
        return mark
    _write(session, rows, _plus(_told(rows), session, _lines(mark, upto)), upto)
    return upto


def agree() -> bool:
    """Whether the sums are those of the balances, which the database itself keeps."""
    with reading() as session:
        see_one_state(session)
        query = select(Account.currency, Account.kind, func.sum(Account.balance))
        rows = session.execute(query.group_by(Account.currency, Account.kind))
        left = {(currency, kind): int(balance) for currency, kind, balance in rows}
        for (currency, kind, _), amount in sums(session).items():
            left[currency, kind] = left.get((currency, kind), 0) - amount
    return not any(left.values())


def recompute() -> bool:
    """Sum all lines up to the mark again, without a lock, and put that in the place of what was carried if it differs.

    Whether it did. Where the mark moved meanwhile nothing is changed: the next run sees to it.
    """
    with reading() as session:
        mark = _mark(session.scalars(select(CarriedSum)).all())
    found = _from_lines(mark)
    with transaction() as session:
        rows = session.scalars(select(CarriedSum).order_by(CarriedSum.id).with_for_update()).all()
        wrong = mark == _mark(rows) and _told(rows) != found
        if wrong:
            _write(session, rows, found, mark)
            log.error("the sums carried up to entry %s were not those of their lines: they are now", mark)
    return wrong


def _from_lines(mark: int) -> Sums:
    found: Sums = {}
    after = 0
    while after < mark:
        with reading() as session:
            upto = _last(session, select(Entry.id).where(Entry.id > after, Entry.id <= mark)) or mark
            found, after = _plus(found, session, _lines(after, upto)), upto
    return {key: amount for key, amount in found.items() if amount}


def _write(session: Session, rows: Sequence[CarriedSum], found: Sums, upto: int) -> None:
    new = dict(found)
    for row in rows:
        row.amount, row.upto = new.pop((row.currency, row.account_kind, row.entry_kind), 0), upto
    keys = ("currency", "account_kind", "entry_kind")
    added = [dict(zip(keys, key, strict=True)) | {"amount": amount, "upto": upto} for key, amount in new.items()]
    if added:
        session.execute(insert(CarriedSum), added)


def _end(session: Session, mark: int) -> int | None:
    """Up to which entry may be carried next; None where none is settled."""
    settled = Entry.recorded_at < clock.real_now() - SETTLED
    return _last(session, select(Entry.id).where(Entry.id > mark, settled))


def _last(session: Session, entries: Select[int]) -> int | None:
    some = entries.order_by(Entry.id).limit(BATCH).subquery()
    last: int | None = session.scalar(select(func.max(some.c.id)))
    return last


def _told(rows: Sequence[CarriedSum]) -> Sums:
    return {(row.currency, row.account_kind, row.entry_kind): row.amount for row in rows if row.amount}


def _mark(rows: Sequence[CarriedSum]) -> int:
    return max((row.upto for row in rows), default=0)


def _lines(after: int, upto: int | None = None) -> Select[str, str, str, int]:
    query = (
        select(Account.currency, Account.kind, Entry.kind, func.sum(Line.amount))
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Line.entry_id > after)
        .group_by(Account.currency, Account.kind, Entry.kind)
    )
    return query if upto is None else query.where(Line.entry_id <= upto)


def _plus(found: Sums, session: Session, query: Select[str, str, str, int]) -> Sums:
    for currency, account, entry, amount in session.execute(query):
        key = (currency, account, entry)
        found[key] = found.get(key, 0) + int(amount)
    return found
