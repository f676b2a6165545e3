"""Forgetting a backer: what of their money is still here, and what contributions know of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import UNPAID, Buyer, Contribution, Party, Payment, PaymentState
from bountyhub.kit.money import Money, plain
from bountyhub.ledger import queries as ledger


def contributions_of(session: Session, person_id: int | None, emails: Collection[str]) -> list[Contribution]:
    """A person's contributions, and those paid signed out with their addresses, locked."""
    theirs: ColumnElement[bool] = Contribution.person_id.is_(None) & Contribution.email.in_(emails)
    if person_id is not None:
        theirs |= Contribution.person_id == person_id
    return list(session.scalars(select(Contribution).where(theirs).order_by(Contribution.id).with_for_update()))


def money_here(session: Session, contributions: Sequence[Contribution]) -> list[str]:
    """Why these can't be forgotten yet, in sentences: what is still here, and until when at the latest."""
    kinds = ledger.balances_by_contribution(session, [each.ref for each in contributions])
    sums = {each.ref: sum(kinds[each.ref].get(kind, 0) for kind in ledger.HELD_KINDS) for each in contributions}
    held = [_held(each, sums[each.ref]) for each in contributions if sums[each.ref]]
    query = select(Payment).where(Payment.contribution_id.in_([each.id for each in contributions]))
    unpaid = session.scalars(query.where(Payment.state.in_(UNPAID)).order_by(Payment.id))
    return held + [_unpaid(payment) for payment in unpaid]


def _unpaid(payment: Payment) -> str:
    if payment.state is PaymentState.AWAITED:
        return "A payment waits for its bank, which may take two weeks."
    return f"A checkout is open until {payment.expires_at:%Y-%m-%d %H:%M} UTC."


def _held(contribution: Contribution, amount: int) -> str:
    until = f", until {contribution.leave_by:%Y-%m-%d} at the latest" if contribution.leave_by else ""
    sum_ = plain(Money(amount, contribution.currency))
    return f"{sum_} of a contribution to task {contribution.task_id} are still here{until}."


def outside_ids(session: Session, contributions: Sequence[Contribution]) -> set[str]:
    """What the processor calls their payments: its webhooks about them carry these, with or without an address."""
    query = select(Payment.checkout_id, Payment.payment_intent, Payment.charge)
    rows = session.execute(query.where(Payment.contribution_id.in_([each.id for each in contributions])))
    return {id for row in rows for id in row if id}


def forget_contributions(session: Session, contributions: Sequence[Contribution]) -> None:
    """They are from nobody any more: no person, no address, no name in the public books. The money's history stays."""
    for about in (Party, Buyer):
        session.execute(delete(about).where(about.contribution_id.in_([each.id for each in contributions])))
    for contribution in contributions:
        contribution.person_id, contribution.email, contribution.anonymous = None, "", True
