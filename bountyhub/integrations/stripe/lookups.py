"""Which of our rows an event speaks of; read-only, used by `handlers` before the processor is asked."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Payment, Refund, RefundState
from bountyhub.funding.operations.origin import contributions_of
from bountyhub.payouts.models import Payee


def checkout_of(session: Session, *, reference: str, payment_intent: str) -> str | None:
    """The checkout behind a payment named by our reference or by the processor's; None while we know of none."""
    names = []
    if reference:
        names.append(Payment.ref == reference)
    if payment_intent:
        names.append(Payment.payment_intent == payment_intent)
    if not names:
        return None
    return session.scalars(select(Payment.checkout_id).where(or_(*names))).first()


def unfinished_refunds(session: Session, payment_intent: str) -> list[str]:
    """Our references of refunds of a payment whose end isn't recorded yet."""
    payment = session.scalars(select(Payment).where(Payment.payment_intent == payment_intent)).first()
    if payment is None:
        return []
    query = (
        select(Refund.ref)
        .where(Refund.contribution_id.in_(contributions_of(session, payment)))
        .where(Refund.state.in_([RefundState.ASKED, RefundState.DEBITED]))
        .order_by(Refund.id)
    )
    return list(session.scalars(query))


def payee_without_account(session: Session, reference: str) -> bool:
    """Whether this is our payee whose account was opened but not yet written down (a crash in between)."""
    query = select(Payee.id).where(Payee.ref == reference, Payee.account.is_(None))
    return bool(reference) and session.scalars(query).first() is not None
