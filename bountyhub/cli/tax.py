"""`bountyhub ledger vat-paid` and `bountyhub report payees`."""

from __future__ import annotations

from bountyhub import wiring
from bountyhub.admin.reports import payees_csv
from bountyhub.cli.local import settings_here
from bountyhub.funding.errors import BadTax
from bountyhub.funding.operations.taxes import record_vat_paid
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money, MoneyError, parse_amount, plain
from bountyhub.ledger import queries
from bountyhub.ledger.accounts import vat_due
from bountyhub.payouts.reports import paid_per_payee


def vat_paid(country: str, amount: str, currency: str, note: str) -> str:
    """Write down that tax was paid to a state; the same note is written once."""
    wiring.wire_existing(settings_here())
    country = country.upper()
    try:
        money = parse_amount(amount, currency.upper())
    except MoneyError as error:
        raise BadTax(str(error)) from None
    with transaction() as session:
        is_new = record_vat_paid(session, country, money, note.strip()[:200])
        left = plain(Money(queries.balance(session, vat_due(country), money.currency), money.currency))
    if not is_new:
        return f"That note was written down before. {left} are due to {country}."
    return f"{plain(money)} to {country} are written down. {left} are still due."


def payees(year: int, quarter: int | None) -> str:
    """What was paid to each payee, as CSV."""
    wiring.wire_existing(settings_here())
    with reading() as session:
        return payees_csv(paid_per_payee(session, year, quarter))
