"""The books as plain text for other programs: a table with one row a line, or beancount's format. No personal data.

`bountyhub ledger export` writes it. Everything streams: an export of any size needs the same memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit.money import Money, major
from bountyhub.ledger.checks import STREAM
from bountyhub.ledger.models import Account, Entry, Line


@dataclass(frozen=True)
class ExportLine:
    """One line with what its entry and account say; amounts are signed, + debit and − credit."""

    entry: int
    kind: str
    effective_at: datetime
    recorded_at: datetime
    currency: str
    account: str
    account_kind: str
    amount_minor: int
    amount: str
    balance_after_minor: int
    balance_after: str
    reverses: int | None
    outside_id: str | None


def lines(session: Session) -> Iterator[ExportLine]:
    """Every line of the books, by entry."""
    query = (
        select(
            Entry.id, Entry.kind, Entry.effective_at, Entry.recorded_at, Entry.currency, Account.path,
            Account.kind, Line.amount, Line.balance_after, Entry.reverses, Entry.outside_id,
        )
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .order_by(Entry.id, Line.account_id)
    )  # fmt: skip
    for row in session.execute(query, execution_options=STREAM):
        id, kind, effective_at, recorded_at, currency, path, account_kind, amount, balance, reverses, outside_id = row
        yield ExportLine(
            id, kind, effective_at, recorded_at, currency, path, account_kind, amount,
            major(Money(amount, currency)), balance, major(Money(balance, currency)), reverses, outside_id,
        )  # fmt: skip


def as_csv(session: Session) -> Iterator[str]:
    """Comma-separated text with a heading, moments in ISO 8601."""
    yield _row([field.name for field in fields(ExportLine)])
    for line in lines(session):
        yield _row([part.isoformat() if isinstance(part, datetime) else part for part in astuple(line)])


def _row(parts: list[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(parts)
    return written.getvalue()
