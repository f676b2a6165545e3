"""Jobs that charge promises once their work is accepted, and follow each charge to its end."""

from __future__ import annotations

import logging

from sqlalchemy import select

from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Payment, Promise, PromiseState
from bountyhub.funding.operations.promise_charges import OPEN_CHARGES, Planned, plan_charge
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import CLOCK
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.promises import CardCharge, ChargeStatus
from bountyhub.tasks.models import Task
from bountyhub.work.operations.promises import record_promise_charge
from bountyhub.work.operations.releases import finish_task

log = logging.getLogger("bountyhub.work")
BATCH = 20_000


@job("work.charge_promise", queue="money")
def charge_promise(run: Run, promise: int) -> None:
    """Charge a promise whose intent is written down; the same payment is asked for once, however often it runs."""
    with transaction() as session:
        planned = plan_charge(session, promise)
        if planned is None:
            finish_task(session, session.get_one(Task, session.get_one(Promise, promise).task_id), CLOCK)
            run.done(session)
            return
    charge = _charge(planned)
    with transaction() as session:
        record_promise_charge(session, planned.order.reference, charge)
        run.done(session)


def _charge(planned: Planned) -> CardCharge:
    order = planned.order
    found = gateway().find_charge(order.reference, order.card.customer) if planned.look_first else None
    if found is not None:
        return found
    try:
        return gateway().charge_card(order, key=order.reference)
    except (OutsideRefused, OutsideGone) as refused:
        log.error("the charge %s was refused: %s", order.reference, refused)
        return CardCharge("", order.reference, ChargeStatus.DECLINED, None, why="refused")


@recurring("work.sweep_charges", every=60, queue="money")
def sweep_charges(run: Run) -> None:
    """Charges that the processor knows and that are not over: ask how they stand; end those whose time is over."""
    query = (
        select(Promise, Payment)
        .join(Payment, Payment.contribution_id == Promise.contribution_id)
        .where(Promise.state.in_(OPEN_CHARGES), Payment.payment_intent.is_not(None))
    )
    with reading() as session:
        rows = [(row[0], row[1]) for row in session.execute(query.order_by(Promise.id).limit(BATCH))]
    each(rows, _follow)


def _follow(row: tuple[Promise, Payment]) -> None:
    promise, payment = row
    assert payment.payment_intent is not None
    late = promise.state is PromiseState.NEEDS_BACKER and promise.until is not None and promise.until <= clock.now()
    ask = gateway().cancel_charge if late else gateway().read_charge
    charge = ask(payment.payment_intent)
    with transaction() as session:
        record_promise_charge(session, payment.ref, charge)
