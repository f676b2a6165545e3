"""Charging promises when their work is accepted: the intent first, then the call, then its outcome, once.

`work.operations.promises` calls these: what was charged joins the claim's release in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.errors import NoFloat
from bountyhub.funding.models import (
    Contribution,
    ContributionState,
    LapseReason,
    Payment,
    PaymentState,
    Promise,
    PromiseState,
)
from bountyhub.funding.operations.buyers import note_buyer, typed_before
from bountyhub.funding.operations.promises import end_promise, lapse, lock_promise, move_promise, of_task
from bountyhub.funding.operations.reserving import require_float
from bountyhub.funding.operations.settle import capture_payment, end_unpaid, lock_payment
from bountyhub.funding.rules import CONFIRM, FundingEvent, PromiseEvent
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.ports.promises import CardCharge, ChargeOrder, ChargeStatus
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.queries import may_take_money

#: The processor remembers our key for a day; a little before its end we look before we ask.
KEY_LIVES = timedelta(hours=23)
#: How long a charge that own funds don't cover waits before it is looked at again.
FLOAT_AGAIN = timedelta(minutes=10)
OPEN_CHARGES = (PromiseState.CHARGING, PromiseState.NEEDS_BACKER)


@dataclass(frozen=True)
class Planned:
    """A charge that may be asked for now; `look_first`: its key may be forgotten, so find it before."""

    order: ChargeOrder
    look_first: bool


def begin_charges(session: Session, task: Task) -> int:
    """The task's work is accepted: every promise for it is charged from now on; how many. The task is locked."""
    rows = of_task(session, task.id, [PromiseState.GIVEN], lock=True)
    for row in rows:
        move_promise(session, row, PromiseEvent.ACCEPTED)
        row.charging_since, row.until = clock.now(), clock.now() + CONFIRM
        outbox.add(session, "work.charge_promise", promise=row.id)
    return len(rows)


def charges_open(session: Session, task: Task) -> bool:
    """Whether promises of a task are being charged, or wait for their backers."""
    query = select(Promise.id).where(Promise.task_id == task.id, Promise.state.in_(OPEN_CHARGES))
    return session.scalars(query.limit(1)).first() is not None


def plan_charge(session: Session, promise_id: int) -> Planned | None:
    """Write down the contribution a promise becomes and that its charge is asked for now.

    None when there is nothing to ask: it is over or with its backer, or own funds don't cover the cost, which it
    waits for until its time is over.
    """
    task, row = lock_promise(session, session.get_one(Promise, promise_id).ref)
    if row.state is not PromiseState.CHARGING or row.card is None:
        return None
    if row.contribution_id is None and not _afford(session, row):
        return None
    payment = _payment_of(session, row) or _intend(session, row)
    now = clock.real_now()
    look_first = row.called_at is not None and row.called_at < now - KEY_LIVES
    row.called_at = row.called_at or now
    repository = session.get_one(Repository, task.repository_id)
    title = f"{task.title[:150]} ({repository.full_name} #{task.issue_number})"
    return Planned(ChargeOrder(payment.ref, row.total, row.card, title, f"task-{task.id}"), look_first)


def _afford(session: Session, row: Promise) -> bool:
    try:
        require_float(session, row.total)
    except NoFloat:
        row.waits_for_float = True
        if row.until is not None and row.until <= clock.now():
            lapse(session, row, LapseReason.NO_FLOAT)
        else:
            again = clock.real_now() + FLOAT_AGAIN
            outbox.add(session, "work.charge_promise", key=f"charge:{row.id}", run_at=again, promise=row.id)
        return False
    row.waits_for_float = False
    return True


def _intend(session: Session, row: Promise) -> Payment:
    contribution = Contribution(
        ref=ids.new_ref(), task_id=row.task_id, person_id=row.person_id, email=row.email, anonymous=row.anonymous,
        amount=row.amount, fee=row.fee, currency=row.currency, state=ContributionState.PENDING,
        nonce=f"promise:{row.ref}", terms_version=row.mandate_version, created_at=clock.now(), vat=row.vat,
        vat_country=row.vat_country, vat_rate=row.vat_rate, business=row.business,
    )  # fmt: skip
    session.add(contribution)
    session.flush()
    note_buyer(session, contribution, typed_before(row.buyer))
    payment = Payment(
        ref=ids.new_ref(), contribution_id=contribution.id, state=PaymentState.PLANNED, created_at=clock.now(),
        expires_at=clock.real_now() + CONFIRM,
    )  # fmt: skip
    session.add(payment)
    row.contribution_id = contribution.id
    audit.record(session, "clock", "charge_asked", "contribution", contribution.id, amount=contribution.amount)
    session.flush()
    return payment


def _payment_of(session: Session, row: Promise) -> Payment | None:
    query = select(Payment).where(Payment.contribution_id == row.contribution_id)
    return session.scalars(query).first() if row.contribution_id is not None else None


def record_charge(session: Session, payment_ref: str, charge: CardCharge) -> Contribution | None:
    """Write down what a promise's charge is now; the contribution if its money came in by this very call.

    Locks task → contribution → payment → promise. Raises NotFound for a payment that is no promise's.
    """
    payment, contribution, task = lock_payment(session, payment_ref)
    found = session.scalars(select(Promise.ref).where(Promise.contribution_id == contribution.id)).first()
    if found is None:
        raise NotFound("No promise of this site has that payment.")
    row = lock_promise(session, found)[1]
    payment.payment_intent = payment.payment_intent or charge.payment_intent or None
    if payment.state is PaymentState.CAPTURED:
        return None
    if charge.capture is not None:
        wanted = row.state in OPEN_CHARGES and (task.state is TaskState.MERGED or may_take_money(session, task))
        capture_payment(session, task, contribution, payment, charge.capture, takes=wanted)
        _charged(session, row)
        return contribution
    _not_yet(session, row, contribution, payment, charge.status)
    return None


def _charged(session: Session, row: Promise) -> None:
    if row.state in OPEN_CHARGES:
        move_promise(session, row, PromiseEvent.CHARGED)
        end_promise(session, row)
        outbox.add(session, "notify.promise_charged", promise=row.id)


def _not_yet(
    session: Session, row: Promise, contribution: Contribution, payment: Payment, status: ChargeStatus
) -> None:  # fmt: skip
    if status is ChargeStatus.NEEDS_OWNER and row.state is PromiseState.CHARGING:
        payment.state = PaymentState.OPEN
        move_promise(session, row, PromiseEvent.BACKER_WANTED)
        row.until = clock.now() + CONFIRM
        outbox.add(session, "notify.promise_needs_you", promise=row.id)
    elif status is ChargeStatus.DECLINED and row.state in OPEN_CHARGES:
        end_unpaid(session, contribution, payment, PaymentState.FAILED, FundingEvent.DECLINED)
        lapse(session, row, LapseReason.DECLINED)
    elif status is ChargeStatus.CANCELLED:
        end_unpaid(session, contribution, payment, PaymentState.EXPIRED, FundingEvent.EXPIRED)
        lapse(session, row, LapseReason.NOT_CONFIRMED)
    elif status is ChargeStatus.SETTLING and payment.state is PaymentState.PLANNED:
        payment.state = PaymentState.OPEN
