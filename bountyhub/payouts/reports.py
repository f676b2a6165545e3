"""What was paid to whom, for the operator's tax reports. Read from the books; called by the command line and the desk.

A transfer counts in the quarter in which the processor confirmed it, what came back of it in the quarter in which it
came back, so that a report that was sent in stays what it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.rules import quarter_of
from bountyhub.payouts.models import Payee, Transfer

MOVES = ("transfer_confirmed", "transfer_reversed")


@dataclass(frozen=True)
class PaidRow:
    """One payee, quarter and currency; amounts in minor units. `account`: at the processor, who has the tax data."""

    year: int
    quarter: int
    account: str
    country: str
    currency: str
    transferred: int
    reversed: int
    transfers: int

    @property
    def net(self) -> int:
        """What the payee keeps."""
        return self.transferred - self.reversed


def paid_per_payee(session: Session, year: int, quarter: int | None = None) -> list[PaidRow]:
    """By quarter, account and currency; all of a year, or one quarter of it."""
    sums: dict[tuple[int, str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for entry, amount, account, country in _moved(session, year):
        of = quarter_of(entry.effective_at)
        if quarter in (None, of):
            row = sums[of, account, country, entry.currency]
            back = entry.kind == "transfer_reversed"
            row[1 if back else 0] += amount if back else -amount
            row[2] += not back
    return [PaidRow(year, *key, *row) for key, row in sorted(sums.items())]


def _moved(session: Session, year: int) -> Iterator[tuple[Entry, int, str, str]]:
    """Every confirmation and reversal of a year with what it moved of the processor's balance (+ debit)."""
    payees = select(Transfer.ref, Payee.account, Payee.country).join(Payee, Payee.id == Transfer.payee_id)
    whose = {ref: (account or "unknown", country) for ref, account, country in session.execute(payees)}
    query = (
        select(Entry, Line.amount)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(
            Entry.kind.in_(MOVES), Account.kind == "clearing",
            Entry.effective_at >= datetime(year, 1, 1, tzinfo=UTC),
            Entry.effective_at < datetime(year + 1, 1, 1, tzinfo=UTC),
        )
        .order_by(Entry.id)
    )  # fmt: skip
    for entry, amount in session.execute(query):
        yield entry, int(amount), *whose.get(entry.refs.get("transfer", ""), ("unknown", ""))
