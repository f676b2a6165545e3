"""Sends refunds after the commit, and asks how those under way stand."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Contribution, Refund, RefundState
from bountyhub.funding.operations import (
    record_refund,
    refund_called,
    refuse_refund,
)
from bountyhub.funding.operations.freezing import bank_has_it
from bountyhub.funding.operations.origin import payment_of
from bountyhub.funding.operations.refunds import asked_of_processor, key_is_fresh
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused

log = logging.getLogger("bountyhub.funding")
BATCH = 20_000
#: For so long a refund that was done is looked at again once a day.
MAY_COME_BACK = timedelta(days=30)


@job("funding.send_refund", queue="money")
def send_refund(run: Run, refund: int) -> None:
    """Ask the processor for a refund whose intent is booked; the same row is asked for once, however often it runs."""
    with transaction() as session:
        row = session.get_one(Refund, refund)
        look_first = not key_is_fresh(row)
        # While the bank has it the processor refuses; the end of the dispute asks again.
        if row.state is not RefundState.ASKED or (not row.called_at and bank_has_it(session, row.contribution_id)):
            run.done(session)
            return
        refund_called(session, refund)
        contribution = session.get_one(Contribution, row.contribution_id)
        payment = payment_of(session, contribution)
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
