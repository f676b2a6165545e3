"""Our books against the processor's: the balance to the cent, and movement by movement where it differs.

Used by `jobs` and by the commands `reconcile` and `doctor`. Reads only. However long both books are, a page of theirs
and a few rows of ours are in memory: what was seen is kept in a file that ends with the comparison.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Select, func, select

from bountyhub import ports
from bountyhub.kit.database import reading
from bountyhub.kit.money import Money, zero
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import clearing
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ports.reconciliation import Movement

BATCH = 100
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Difference:
    """One movement that stands differently in the two books; `theirs` and `ours` are net of the processor's fee."""

    balance_transaction: str
    kind: str
    theirs: Money
    ours: Money
    source: str = ""


def compare(currency: str) -> tuple[Money, Money]:
    """(the processor's balance, our clearing account): equal but for what is just on its way."""
    theirs = ports.gateway().balance(currency)
    with reading() as session:
        return theirs, Money(ledger.balance(session, clearing(), currency), currency)


def differences(currency: str) -> list[Difference]:
    """Every movement of a currency that is missing, extra or of another amount in our books, oldest first."""
    found = [each for each in whole() if each.theirs.currency == currency]
    theirs = [each for each in found if each.kind != UNKNOWN]
    return theirs[::-1] + [each for each in found if each.kind == UNKNOWN]


def whole(since: datetime | None = None) -> Iterator[Difference]:
    """The whole of both books (or what happened since a moment): theirs newest first, then what only we have."""
    with closing(sqlite3.connect("")) as seen:  # no name: a file of its own that nobody else sees
        seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID")
        for movements in batches(ports.gateway().newest_movements(since=since)):
            seen.executemany("INSERT OR IGNORE INTO seen VALUES (?)", [(each.id,) for each in movements])
            yield from against(movements)
        yield from _extra(seen, since)


def batches(movements: Iterable[Movement]) -> Iterator[list[Movement]]:
    """So many at a time."""
    left = iter(movements)
    while found := list(islice(left, BATCH)):
        yield found


def against(movements: Collection[Movement]) -> list[Difference]:
    """Those of these movements that our books have not, or of another amount."""
    ours = booked([movement.id for movement in movements])
    return [each for each in (difference_of(movement, ours) for movement in movements) if each.theirs != each.ours]


def difference_of(movement: Movement, ours: dict[str, Money]) -> Difference:
    """A movement beside what our books have of it."""
    net = movement.net
    return Difference(movement.id, movement.kind, net, ours.get(movement.id, zero(net.currency)), movement.source)


def booked(ids: Collection[str]) -> dict[str, Money]:
    """What these book entries of the processor did to our clearing account."""
    with reading() as session:
        rows = session.execute(_sums().where(Entry.outside_id.in_(ids))).all()
    return {str(id): Money(ledger.natural("clearing", int(sum)), currency) for id, currency, sum in rows}


def _extra(seen: sqlite3.Connection, since: datetime | None) -> Iterator[Difference]:
    """What only our books have; near the beginning of a span theirs may be dated a little earlier, so it is asked."""
    query = _sums() if since is None else _sums().where(Entry.effective_at >= since)
    with reading() as session:
        for id, currency, amount in session.execute(query.execution_options(yield_per=1000)):
            ours = Money(ledger.natural("clearing", int(amount)), currency)
            if not ours.amount or seen.execute("SELECT 1 FROM seen WHERE id = ?", (id,)).fetchone():
                continue
            theirs = None if since is None else ports.gateway().read_movement(str(id))
            if theirs is None:
                yield Difference(str(id), UNKNOWN, zero(currency), ours)
            elif theirs.net != ours:
                yield Difference(theirs.id, theirs.kind, theirs.net, ours, theirs.source)


def _sums() -> Select[str | None, str, int]:
    return (
        select(Entry.outside_id, Account.currency, func.sum(Line.amount))
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(Account.path == clearing().path)
        .group_by(Entry.outside_id, Account.currency)
        .order_by(func.min(Entry.id))
    )
