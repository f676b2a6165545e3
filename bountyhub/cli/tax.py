"""`bountyhub ledger vat-paid` and `bountyhub report payees`."""

from __future__ import annotations

from bountyhub import wiring
from bountyhub.admin.reports import payees_csv
from bountyhub.cli.local import settings_here
from bountyhub.events import audit
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money, MoneyError, parse_amount, plain
from bountyhub.ledger import queries, treasury
from bountyhub.ledger.accounts import vat_due
from bountyhub.ledger.posting import find
from bountyhub.payouts.reports import paid_per_payee
from bountyhub.people.operations import OPERATOR


class BadTax(DomainError):
    """A payment of tax that can't be written down."""

    code = "bad_tax"


def vat_paid(country: str, amount: str, currency: str, note: str) -> str:
    """Write down that tax was paid to a state; the same note is written once."""
    wiring.wire_existing(settings_here())
    country, note = country.upper(), note.strip()[:200]
    try:
        money = parse_amount(amount, currency.upper())
    except MoneyError as error:
        raise BadTax(str(error)) from None
    with transaction() as session:
        due = queries.balance(session, vat_due(country), money.currency)
        key = f"vat_paid:{country}:{money.currency}:{ids.digest(note)[:32]}"
        if not note or money.amount <= 0:
            raise BadTax("Say for which period it is, and an amount above 0.")
        if find(session, key) is not None:
            return f"That note was written down before. {plain(Money(due, money.currency))} are due to {country}."
        if money.amount > due:
            raise BadTax(
                f"Only {plain(Money(due, money.currency))} are due to {country}.", advice="Nothing was written."
            )
        treasury.vat_paid(
            session, key=key, country=country, amount=money.amount, currency=money.currency, note=note,
            effective_at=clock.now(), actor=OPERATOR.role,
        )  # fmt: skip
        audit.record(session, OPERATOR.name, "vat_paid", "treasury", 0, country=country, amount=money.amount, note=note)
        left = Money(due - money.amount, money.currency)
        return f"{plain(money)} to {country} are written down. {plain(left)} are still due."


def payees(year: int, quarter: int | None) -> str:
    """What was paid to each payee, as CSV."""
    wiring.wire_existing(settings_here())
    with reading() as session:
        return payees_csv(paid_per_payee(session, year, quarter))
