"""Tax on earned fees, per country and quarter: what became due, and what was paid to the state."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.rules import quarter_of


@dataclass(frozen=True)
class VatRow:
    """Minor units; `earned` can be below zero where releases were taken back. The quarter is that of our recording."""

    year: int
    quarter: int
    country: str
    currency: str
    earned: int
    paid: int


def vat_by_quarter(session: Session, year: int) -> list[VatRow]:
    """A year's quarters in which anything of it moved. What was recorded once stays in its quarter."""
    query = (
        select(Entry.recorded_at, Entry.kind, Account.owner, Account.currency, Line.amount)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(
            Account.kind == "vat_due",
            Entry.recorded_at >= datetime(year, 1, 1, tzinfo=UTC),
            Entry.recorded_at < datetime(year + 1, 1, 1, tzinfo=UTC),
        )
    )
    sums: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for at, kind, country, currency, amount in session.execute(query):
        row = sums[quarter_of(at), str(country), currency]
        if kind == "vat_paid":
            row[1] += amount
        else:
            row[0] -= amount
    return [VatRow(year, *key, *row) for key, row in sorted(sums.items())]
