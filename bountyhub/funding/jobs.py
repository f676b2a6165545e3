"""What funding does after a commit: opens checkouts that got stuck, sends refunds, returns what can't be placed."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Contribution, ContributionState, Payment, PaymentState, Refund, RefundState
from bountyhub.funding.operations import (
    order_of,
    record_checkout,
    record_refund,
    refund_called,
    refuse_refund,
    return_suspended,
)
from bountyhub.funding.operations.refunds import asked_of_processor, key_is_fresh
from bountyhub.funding.rules import SUSPENSE
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import CLOCK
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.payments import Checkout, CheckoutStatus

log = logging.getLogger("bountyhub.funding")
BATCH = 20_000
#: For so long a refund that was done is looked at again once a day.
MAY_COME_BACK = timedelta(days=30)
#: A checkout that was asked for but has no answer yet is asked for again after this.
STUCK = timedelta(seconds=30)


@job("funding.send_refund", queue="money")
def send_refund(run: Run, refund: int) -> None:
    """Ask the processor for a refund whose intent is booked; the same row is asked for once, however often it runs."""
    with transaction() as session:
        row = session.get_one(Refund, refund)
        look_first = not key_is_fresh(row)
        if row.state is not RefundState.ASKED:
            run.done(session)
            return
        refund_called(session, refund)
        contribution = session.get_one(Contribution, row.contribution_id)
        payment = session.scalars(select(Payment).where(Payment.contribution_id == contribution.id)).one()
    assert payment.payment_intent is not None
    # A refusal of this look says nothing of the refund itself: it may be there.
    result = gateway().find_refund(row.ref, payment.payment_intent) if look_first else None
    if result is None:
        try:
            result = gateway().create_refund(
                row.ref, payment.payment_intent, asked_of_processor(row, payment), key=row.key
            )
        except (OutsideRefused, OutsideGone) as refused:
            log.error("refund %s was refused: %s", row.ref, refused)
            with transaction() as session:
                refuse_refund(session, refund, row.key)
                run.done(session)
            return
    with transaction() as session:
        record_refund(session, result)
        run.done(session)


@recurring("funding.sweep_refunds", every=300)
def sweep_refunds(run: Run) -> None:
    """Refunds that the processor knows but that are not yet done: ask how they stand."""
    under_way = Refund.state.in_([RefundState.ASKED, RefundState.DEBITED])
    query = select(Refund).where(under_way, Refund.processor_id.is_not(None))
    with reading() as session:
        waiting = session.scalars(query.order_by(Refund.id).limit(BATCH)).all()
    each(waiting, _read_again)


@recurring("funding.sweep_done_refunds", every=86_400)
def sweep_done_refunds(run: Run) -> None:
    """Refunds that were done lately: a bank may send one back for weeks, and the webhook of it may be lost."""
    recent = Refund.done_at >= clock.now() - MAY_COME_BACK
    query = select(Refund.id).where(Refund.state == RefundState.DONE, recent, Refund.processor_id.is_not(None))
    with transaction() as session:
        for id in session.scalars(query.order_by(Refund.id).limit(BATCH)).all():
            outbox.add(session, "funding.look_again", key=f"refund_look:{id}", refund=id)


@job("funding.look_again", queue="sweep")
def look_again(run: Run, refund: int) -> None:
    """Ask how one refund stands; a row of its own for each, so that many don't outlast a lease."""
    with reading() as session:
        row = session.get_one(Refund, refund)
    _read_again(row)


def _read_again(refund: Refund) -> None:
    assert refund.processor_id is not None
    result = gateway().read_refund(refund.processor_id)
    with transaction() as session:
        record_refund(session, result)


@recurring("funding.sweep_checkouts", every=30)
def sweep_checkouts(run: Run) -> None:
    """Checkouts without an answer are asked for again by the same key; open ones that ended are read."""
    now = clock.real_now()
    stuck = (Payment.state == PaymentState.PLANNED) & (Payment.checkout_id.is_(None))
    ended = Payment.state.in_([PaymentState.OPEN, PaymentState.PLANNED]) & (Payment.expires_at < now)
    with reading() as session:
        rows = session.scalars(select(Payment).where(stuck | ended).order_by(Payment.id).limit(BATCH)).all()
    stale = [p for p in rows if p.checkout_id is not None or clock.now() - p.created_at > STUCK]
    each(stale, settle_one)


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
        return _nobody_paid(payment, gone)


def _nobody_paid(payment: Payment, error: OutsideRefused | OutsideGone) -> Checkout:
    """The processor won't open it (its time is over), or knows it no more. Should money come yet, it is captured."""
    log.warning("checkout %s can't be paid: %s", payment.ref, error)
    return Checkout(id="", reference=payment.ref, status=CheckoutStatus.EXPIRED, url=None, capture=None)


@recurring("funding.sweep_suspense", every=300)
def sweep_suspense(run: Run) -> None:
    """Money of a wrong amount or currency that nobody matched in seven days goes back."""
    before = clock.now() - SUSPENSE
    query = select(Contribution.id).where(Contribution.state == ContributionState.SUSPENDED)
    with reading() as session:
        due = session.scalars(query.where(Contribution.captured_at <= before).limit(BATCH)).all()
    each(due, _return_suspended)


def _return_suspended(contribution_id: int) -> None:
    with transaction() as session:
        contribution = session.get_one(Contribution, contribution_id, with_for_update=True, populate_existing=True)
        if not _already_returning(session, contribution):
            return_suspended(session, contribution, CLOCK)


def _already_returning(session: Session, contribution: Contribution) -> bool:
    return session.scalars(select(Refund.id).where(Refund.contribution_id == contribution.id)).first() is not None
