"""`record_checkout`: the one function on which webhook, return page and sweeper converge when money arrives."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.funding.models import UNPAID, Contribution, ContributionState, Payment, PaymentState, RefundReason
from bountyhub.funding.operations.parties import name_party
from bountyhub.funding.operations.refunds import new_refund
from bountyhub.funding.operations.renewing import lock_renewed, return_renewed
from bountyhub.funding.operations.terms import keep_terms
from bountyhub.funding.rules import FundingEvent, next_state
from bountyhub.funding.rules_methods import callable_until
from bountyhub.kit import ids
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import capture as booking
from bountyhub.ports.payments import Capture, Checkout, CheckoutStatus
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_task, show
from bountyhub.tasks.queries import takes_money_now

ACTOR = "stripe"


def record_checkout(session: Session, payment_ref: str, checkout: Checkout) -> Contribution:
    """Write down what a checkout is now and, once, what its money becomes. Raises NotFound for a foreign reference.

    Locks task → contribution → payment, as everywhere; a repetition changes nothing.
    """
    payment, contribution, task = lock_payment(session, payment_ref)
    payment.checkout_id = payment.checkout_id or checkout.id or None
    payment.checkout_url = checkout.url or payment.checkout_url
    if payment.state is PaymentState.CAPTURED:
        return contribution
    if checkout.capture is not None:
        capture_payment(session, task, contribution, payment, checkout.capture)
    elif checkout.status is CheckoutStatus.EXPIRED and payment.state is not PaymentState.AWAITED:
        end_unpaid(session, contribution, payment, PaymentState.EXPIRED, FundingEvent.EXPIRED)
    elif checkout.status is CheckoutStatus.FAILED:
        _refused_by_bank(session, contribution, payment, checkout)
    elif checkout.status is CheckoutStatus.AWAITED:
        _await_bank(session, contribution, payment, checkout)
    elif payment.state is PaymentState.PLANNED:
        payment.state = PaymentState.OPEN
    if payment.state not in UNPAID:
        payment.asked_from = None
    return contribution


def _await_bank(session: Session, contribution: Contribution, payment: Payment, checkout: Checkout) -> None:
    """The payer has done their part, their bank hasn't; a word older than what we know changes nothing."""
    if payment.state not in (PaymentState.PLANNED, PaymentState.OPEN):
        return
    payment.state, payment.method = PaymentState.AWAITED, checkout.method or None
    audit.record(session, ACTOR, "payment_awaited", "contribution", contribution.id)
    outbox.add(session, "notify.payment_awaited", key=f"awaited:{payment.id}", contribution=contribution.id)


def _refused_by_bank(session: Session, contribution: Contribution, payment: Payment, checkout: Checkout) -> None:
    """A bank that decided days later said no; told once."""
    if end_unpaid(session, contribution, payment, PaymentState.FAILED, FundingEvent.DECLINED):
        payment.method = checkout.method or payment.method
        outbox.add(session, "notify.payment_refused", key=f"refused:{payment.id}", contribution=contribution.id)


def lock_payment(session: Session, payment_ref: str) -> tuple[Payment, Contribution, Task]:
    """A payment with its contribution and task, locked from the task on; raises NotFound."""
    found = session.execute(
        select(Contribution.id, Contribution.task_id, Payment.id)
        .join(Payment, Payment.contribution_id == Contribution.id)
        .where(Payment.ref == payment_ref)
    ).first()
    if found is None:
        raise NotFound("No payment of this site has that reference.")
    task = lock_task(session, found[1])
    lock_renewed(session, found[0])
    contribution = session.get_one(Contribution, found[0], with_for_update=True, populate_existing=True)
    return (
        session.get_one(Payment, found[2], with_for_update=True, populate_existing=True),
        contribution,
        task,
    )


def end_unpaid(
    session: Session, contribution: Contribution, payment: Payment, state: PaymentState, event: FundingEvent
) -> bool:
    """Nothing came of a payment; False where that is no news."""
    after = next_state(contribution.state, event)
    if after is None or payment.state is state:
        return False
    payment.state, contribution.state = state, ContributionState(after)
    audit.record(session, ACTOR, f"payment_{event}", "contribution", contribution.id)
    return True


def capture_payment(
    session: Session, task: Task, contribution: Contribution, payment: Payment, capture: Capture, *,
    takes: bool | None = None,
) -> None:  # fmt: skip
    """Write down money that arrived, once, and what becomes of it; rows locked.

    `takes`: whether the task takes it, where that isn't the rule for payments (a promise of accepted work).
    """
    payment.state, payment.charge, payment.payment_intent = (
        PaymentState.CAPTURED, capture.charge, capture.payment_intent,
    )  # fmt: skip
    payment.received, payment.received_currency = capture.received.amount, capture.received.currency
    if capture.charged is not None:
        payment.charged, payment.charged_currency = capture.charged.amount, capture.charged.currency
    payment.available_on, payment.card = capture.available_on, card_digest(capture.card)
    payment.method = capture.method or None
    payment.callable_until = callable_until(capture.method, capture.at, capture.debited_at)
    contribution.captured_at = capture.at
    keep_terms(session, contribution)
    contribution.leave_by = capture.at + timedelta(days=settings.current().HOLD_DAYS)
    name_party(session, contribution)
    if capture.received != contribution.total:
        _suspend(session, contribution, payment, capture)
    elif not (takes_money_now(session, task) if takes is None else takes):
        _give_back(session, contribution, payment, capture)
    else:
        _hold(session, task, contribution, payment, capture)
    if capture.cost:
        _book_cost(session, payment, capture)


def _book_cost(session: Session, payment: Payment, capture: Capture) -> None:
    booking.cost(
        session, amount=capture.cost.amount, currency=capture.cost.currency, outside_id=capture.balance_transaction,
        effective_at=capture.at, actor=ACTOR, refs={"payment": payment.ref},
    )  # fmt: skip


def _hold(session: Session, task: Task, contribution: Contribution, payment: Payment, capture: Capture) -> None:
    booking.captured(
        session, payment=payment.ref, contribution=contribution.ref, amount=contribution.amount,
        fee=contribution.fee, vat=contribution.vat, currency=contribution.currency,
        outside_id=capture.balance_transaction, effective_at=capture.at, actor=ACTOR,
    )  # fmt: skip
    _advance(session, contribution, FundingEvent.CAPTURED)
    return_renewed(session, contribution)
    outbox.add(session, "notify.contribution_held", contribution=contribution.id)
    outbox.add(session, "work.refresh_claims", key=f"claims:{task.id}", task=task.id)
    show(session, task)


def _give_back(session: Session, contribution: Contribution, payment: Payment, capture: Capture) -> None:
    refund = new_refund(session, contribution, contribution.total.amount, RefundReason.TOO_LATE)
    booking.captured_late(
        session, payment=payment.ref, contribution=contribution.ref, refund=refund.ref, amount=refund.total,
        currency=refund.currency, outside_id=capture.balance_transaction, effective_at=capture.at, actor=ACTOR,
    )  # fmt: skip
    _advance(session, contribution, FundingEvent.CAPTURED)


def _suspend(session: Session, contribution: Contribution, payment: Payment, capture: Capture) -> None:
    # Under the contribution's word: the payment's opens the page its payer comes back to, and the books are public.
    booking.captured_wrong(
        session, payment=contribution.ref, contribution=contribution.ref, amount=capture.received.amount,
        currency=capture.received.currency, outside_id=capture.balance_transaction, effective_at=capture.at,
        actor=ACTOR, key=booking.key_of(payment.ref),
    )  # fmt: skip
    _advance(session, contribution, FundingEvent.MISMATCHED)
    outbox.add(session, "notify.contribution_suspended", contribution=contribution.id)


def _advance(session: Session, contribution: Contribution, event: FundingEvent) -> None:
    after = next_state(contribution.state, event)
    assert after is not None, (contribution.state, event)
    audit.record(session, ACTOR, f"contribution_{event}", "contribution", contribution.id, old=contribution.state)
    contribution.state = ContributionState(after)


def card_digest(fingerprint: str) -> str | None:
    """The same for each payment by one card, and no number of it to whoever reads the database."""
    if not fingerprint:
        return None
    return ids.keyed(f"card\n{fingerprint}")
