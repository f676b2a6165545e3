"""Opens checkouts that got stuck, and reads those that ended."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Payment, PaymentState, Promise
from bountyhub.funding.operations import (
    order_of,
    record_checkout,
)
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.payments import Checkout, CheckoutStatus

log = logging.getLogger("bountyhub.funding")
BATCH = 20_000
#: A checkout that was asked for but has no answer yet is asked for again after this.
STUCK = timedelta(seconds=30)


@recurring("funding.sweep_checkouts", every=30)
def sweep_checkouts(run: Run) -> None:
    """Checkouts without an answer are asked for again by the same key; open ones that ended are read."""
    now = clock.real_now()
    stuck = (Payment.state == PaymentState.PLANNED) & (Payment.checkout_id.is_(None))
    ended = Payment.state.in_([PaymentState.OPEN, PaymentState.PLANNED]) & (Payment.expires_at < now)
    of_promise = select(Promise.contribution_id).where(Promise.contribution_id.is_not(None))
    hosted = Payment.contribution_id.not_in(of_promise)  # a saved card is charged without a page
    with reading() as session:
        rows = session.scalars(select(Payment).where(stuck | ended, hosted).order_by(Payment.id).limit(BATCH)).all()
    stale = [p for p in rows if p.checkout_id is not None or clock.now() - p.created_at > STUCK]
    each(stale, settle_one)


@recurring("funding.sweep_awaited", every=1800)
def sweep_awaited(run: Run) -> None:
    """What banks decide about is looked at as long as they take: up to two weeks, whatever webhooks told."""
    with reading() as session:
        query = select(Payment).where(Payment.state == PaymentState.AWAITED).order_by(Payment.id).limit(BATCH)
        rows = session.scalars(query).all()
    each(rows, settle_one)


def settle_one(payment: Payment) -> None:
    """Bring one payment up to date with the processor."""
    checkout = _checkout(payment)
    with transaction() as session:
        record_checkout(session, payment.ref, checkout)


def _checkout(payment: Payment) -> Checkout:
    if payment.checkout_id is not None:
        return _read_checkout(payment, payment.checkout_id)
    with reading() as session:
        order = order_of(session, payment)
    try:
        return gateway().create_checkout(order, key=payment.ref)
    except OutsideRefused as refused:
        return _nobody_paid(payment, refused)


def _read_checkout(payment: Payment, id: str) -> Checkout:
    try:
        return gateway().read_checkout(id)
    except OutsideGone as gone:
        if payment.state is PaymentState.AWAITED:  # its bank may pay yet: an alarm tells when it is overdue
            raise
        return _nobody_paid(payment, gone)


def _nobody_paid(payment: Payment, error: OutsideRefused | OutsideGone) -> Checkout:
    """The processor won't open it (its time is over), or knows it no more. Should money come yet, it is captured."""
    log.warning("checkout %s can't be paid: %s", payment.ref, error)
    return Checkout(id="", reference=payment.ref, status=CheckoutStatus.EXPIRED, url=None, capture=None)
