"""Tax on earned fees that the operator paid to a state. The command line calls this."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.funding.errors import BadTax
from bountyhub.kit import clock, ids
from bountyhub.kit.money import Money, plain
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import treasury
from bountyhub.ledger.accounts import bank, vat_due
from bountyhub.ledger.book import lock
from bountyhub.ledger.posting import find
from bountyhub.people.operations import OPERATOR


def record_vat_paid(session: Session, country: str, amount: Money, note: str) -> bool:
    """Write down that tax was paid to a state; whether it is new: the same note is written once. Raises BadTax.

    The note stays in the audit trail; the books, which can't forget, hold its digest in the key.
    """
    lock(session, [bank(), vat_due(country)], amount.currency)
    key = f"vat_paid:{country}:{amount.currency}:{ids.digest(note)[:32]}"
    if not note or amount.amount <= 0:
        raise BadTax("Say for which period it is, and an amount above 0.")
    if find(session, key) is not None:
        return False
    due = Money(ledger.balance(session, vat_due(country), amount.currency), amount.currency)
    if due < amount:
        raise BadTax(f"Only {plain(due)} are due to {country}.", advice="Nothing was written.")
    treasury.vat_paid(
        session, key=key, country=country, amount=amount.amount, currency=amount.currency, note=f"tax to {country}",
        effective_at=clock.now(), actor=OPERATOR.role,
    )  # fmt: skip
    audit.record(session, OPERATOR.name, "vat_paid", "treasury", 0, country=country, amount=amount.amount, note=note)
    return True
