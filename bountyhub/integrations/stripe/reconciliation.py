"""Our books against the processor's: the balance to the cent, and movement by movement where it differs.

Used by `jobs` and by the commands `reconcile` and `doctor`. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from bountyhub import ports
from bountyhub.kit.database import reading
from bountyhub.kit.money import Money, zero
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import clearing
from bountyhub.ledger.models import Account, Entry, Line


@dataclass(frozen=True)
class Difference:
    """One movement that stands differently in the two books; `theirs` and `ours` are net of the processor's fee."""

    balance_transaction: str
    kind: str
    theirs: Money
    ours: Money


def compare(currency: str) -> tuple[Money, Money]:
    """(the processor's balance, our clearing account): equal but for what is just on its way."""
    theirs = ports.gateway().balance(currency)
    with reading() as session:
        return theirs, Money(ledger.balance(session, clearing(), currency), currency)


def differences(currency: str) -> list[Difference]:
    """Every movement of a currency that is missing, extra or of another amount in our books, oldest first."""
    ours = _booked(currency)
    found: list[Difference] = []
    for movement in ports.gateway().movements():
        if movement.amount.currency != currency:
            continue
        net, booked = movement.amount - movement.fee, ours.pop(movement.id, zero(currency))
        if net != booked:
            found.append(Difference(movement.id, movement.kind, net, booked))
    extra = [Difference(id, "unknown", zero(currency), amount) for id, amount in ours.items() if amount]
    return found + extra


def _booked(currency: str) -> dict[str, Money]:
    """What each of the processor's book entries did to our clearing account."""
    query = (
        select(Entry.outside_id, func.sum(Line.amount))
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(Account.path == clearing().path, Account.currency == currency)
        .group_by(Entry.outside_id)
        .order_by(func.min(Entry.id))
    )
    with reading() as session:
        return {str(id): Money(ledger.natural("clearing", int(sum)), currency) for id, sum in session.execute(query)}
