"""Whether another checkout may be opened: own funds must cover what all open ones may cost, and nobody takes them all.

Called by `contribute` and by pages that say why no money is taken. The processor's cost falls before any fee is earned.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.errors import NoFloat, TooMuchUnpaid
from bountyhub.funding.models import UNPAID, Contribution, Payment
from bountyhub.funding.rules import expected_cost, most_reserved
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import own_float
from bountyhub.ledger.book import lock

#: Parts of own funds that unpaid checkouts may reserve: of one backer or network, and of one task.
OF_ONE, OF_TASK = 4, 2
#: In multiples of the smallest contribution: so much may wait unpaid whatever own funds are.
ALWAYS = 25


@dataclass(frozen=True)
class Asker:
    """For which task, by whom and from where a checkout is asked for."""

    task_id: int
    email: str
    asked_from: str


def require_float(session: Session, total: Money) -> None:
    """Refuse a checkout whose expected cost, with that of all open ones, own funds would not cover (NoFloat)."""
    lock(session, [own_float()], total.currency)  # two checkouts at once must not both count the same float
    if spare(session, total.currency) < cost_of(total.amount, total.currency):
        raise NoFloat(total.currency)


def require_share(session: Session, total: Money, asker: Asker) -> None:
    """Refuse a checkout with which one backer, network or task would reserve too much unpaid (TooMuchUnpaid).

    Else anybody could stop all funding, without paying a cent, by beginning payments under made-up addresses.
    """
    own = ledger.own_funds(session, total.currency)
    always = cost_of(settings.current().MIN_AMOUNT.get(total.currency, 500) * ALWAYS, total.currency)
    of_one, of_task = Contribution.email == asker.email, Contribution.task_id == asker.task_id
    if asker.asked_from:
        of_one |= Payment.asked_from == asker.asked_from
    for whose, condition, part in (("you", of_one, OF_ONE), ("task", of_task, OF_TASK)):
        taken = reserved(session, total.currency, condition)
        if taken + cost_of(total.amount, total.currency) > most_reserved(own, part=part, always=always):
            raise TooMuchUnpaid(whose, alone=not taken)


def spare(session: Session, currency: str) -> int:
    """Own funds less the expected cost of all open checkouts, minor units."""
    return ledger.own_funds(session, currency) - reserved(session, currency, true())


def reserved(session: Session, currency: str, condition: ColumnElement[bool]) -> int:
    """What unpaid checkouts may cost, minor units."""
    query = (
        select(func.coalesce(func.sum(Contribution.amount + Contribution.fee + Contribution.vat), 0), func.count())
        .join(Payment, Payment.contribution_id == Contribution.id)
        .where(Payment.state.in_(UNPAID), Contribution.currency == currency, condition)
    )
    waiting, count = session.execute(query).one()
    return _percent(int(waiting)) + settings.current().cost_fixed(currency) * count


def _percent(total: int) -> int:
    return expected_cost(total, basis_points=settings.current().cost_basis_points, fixed=0)


def cost_of(total: int, currency: str) -> int:
    """What processing a payment of that total may cost at most, minor units."""
    return _percent(total) + settings.current().cost_fixed(currency)
