"""The books as anybody may read them: entries, lines and accounts without key, note, actor or outside id.

A path names random words only, of which none opens anything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bountyhub.ledger.belonging import entries_of
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.queries import natural
from bountyhub.ledger.statement import EVENTS


@dataclass(frozen=True)
class PublicLine:
    """One account's part of an entry; signed minor units, + debit, − credit."""

    path: str
    kind: str
    contribution: str | None
    amount: int
    balance_after: int

    @property
    def grown(self) -> int:
        """How much the account grew on its own side, negative when it shrank."""
        return natural(self.kind, self.amount)


@dataclass(frozen=True)
class PublicEntry:
    """One event with its lines, in account order."""

    id: int
    kind: str
    words: str
    currency: str
    effective_at: datetime
    recorded_at: datetime
    reverses: int | None
    lines: list[PublicLine]

    @property
    def moved(self) -> int:
        """The sum of its debits."""
        return sum(line.amount for line in self.lines if line.amount > 0)


@dataclass(frozen=True)
class PublicAccount:
    """What an account holds: signed, + debit."""

    id: int
    path: str
    kind: str
    currency: str
    contribution: str | None
    balance: int
    version: int


@dataclass(frozen=True)
class Booked:
    """A line with the entry it is a part of; its places in the list of all lines and among those of its account."""

    id: int
    number: int
    entry: Entry
    line: PublicLine


@dataclass(frozen=True)
class Wanted:
    """Which entries: of a kind, of these contributions (as `belonging` has it); None stands for all."""

    kind: str | None = None
    contributions: Collection[str] | None = None


def entries(session: Session, wanted: Wanted, limit: int, *, after: int = 0) -> list[PublicEntry]:
    """Entries in booking order, those after a number; two queries."""
    query = select(Entry.id).where(Entry.id > after)
    if wanted.kind is not None:
        query = query.where(Entry.kind == wanted.kind)
    if wanted.contributions is not None:
        query = query.where(Entry.id.in_(entries_of(wanted.contributions)))
    # Limited before it is joined to anything else: a task's few entries are not looked for among all there are.
    return _load(session, select(Entry).where(Entry.id.in_(query.order_by(Entry.id).limit(limit))).order_by(Entry.id))


def newest(session: Session, limit: int) -> list[PublicEntry]:
    """The last entries, newest first; two queries."""
    return _load(session, select(Entry).order_by(Entry.id.desc()).limit(limit))


def entry(session: Session, id: int) -> PublicEntry | None:
    """One entry by its number."""
    return next(iter(_load(session, select(Entry).where(Entry.id == id))), None)


def account(session: Session, path: str, currency: str) -> PublicAccount | None:
    """An account by its path."""
    found = session.scalars(select(Account).where(Account.path == path, Account.currency == currency)).first()
    if found is None:
        return None
    return PublicAccount(found.id, path, found.kind, currency, found.contribution, found.balance, found.version)


def lines_of_account(session: Session, shown: PublicAccount, limit: int, *, after: int = 0) -> list[Booked]:
    """An account's lines with their entries, in their order, after a line's number in the account; one query."""
    query = (
        select(Entry, Account, Line)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(Line.account_id == shown.id, Line.version > after)
        .order_by(Line.version)
        .limit(limit)
    )
    return [_booked(*row) for row in session.execute(query)]


def lines_of(session: Session, contributions: Collection[str], limit: int, *, after: int = 0) -> list[Booked]:
    """All lines of these contributions' entries in booking order, after a line's number; one query."""
    first = select(Line.id).where(Line.entry_id.in_(entries_of(contributions)), Line.id > after)
    query = (
        select(Entry, Account, Line)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(Line.id.in_(first.order_by(Line.id).limit(limit)))
        .order_by(Line.id)
    )
    return [_booked(*row) for row in session.execute(query)]


def _load(session: Session, query: Select[Entry]) -> list[PublicEntry]:
    found = session.scalars(query).all()
    lines = _lines(session, found)
    return [
        PublicEntry(
            id=row.id, kind=row.kind, words=EVENTS.get(row.kind, row.kind), currency=row.currency,
            effective_at=row.effective_at, recorded_at=row.recorded_at, reverses=row.reverses,
            lines=lines.get(row.id, []),
        )
        for row in found
    ]  # fmt: skip


def _lines(session: Session, found: Sequence[Entry]) -> dict[int, list[PublicLine]]:
    query = select(Account, Line).join(Line, Line.account_id == Account.id)
    lines: dict[int, list[PublicLine]] = {}
    for of, line in session.execute(query.where(Line.entry_id.in_([row.id for row in found])).order_by(Line.id)):
        lines.setdefault(line.entry_id, []).append(_line(of, line))
    return lines


def _booked(entry: Entry, of: Account, line: Line) -> Booked:
    return Booked(line.id, line.version, entry, _line(of, line))


def _line(of: Account, line: Line) -> PublicLine:
    return PublicLine(of.path, of.kind, of.contribution, line.amount, line.balance_after)
