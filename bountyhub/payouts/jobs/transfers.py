"""Sends transfers, and wakes those that wait."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts import pacing
from bountyhub.payouts.jobs.beginning import begun
from bountyhub.payouts.models import Payee, PayeeState, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations import (
    begin_transfer,
    record_transfer,
    refuse_transfer,
)
from bountyhub.payouts.operations.transfers import Asking
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.payments import TransferResult

BATCH = 20_000
#: The processor's words for "not enough there yet": the transfer is right, its time is not.
NO_FUNDS = ("balance_insufficient", "insufficient_funds")


@job("payouts.send_transfer", queue="money")
def send_transfer(run: Run, transfer: int) -> None:
    """Book the intent, ask the processor, book the outcome: once, however often this runs."""
    asking = begun(run, begin_transfer, transfer)  # dropped where its share became unsendable
    if asking is None:
        return
    # A refusal of this look says nothing of the transfer itself: it may be there.
    result = _find(asking) if asking.look_first else None
    if result is None:
        try:
            pacing.wait_for_turn()
            result = gateway().create_transfer(asking.order, key=asking.order.reference)
        except (OutsideRefused, OutsideGone) as refused:
            _refused(run, transfer, asking, refused)
            return
    with transaction() as session:
        record_transfer(session, result)
        run.done(session)


def _find(asking: Asking) -> TransferResult | None:
    return gateway().find_transfer(asking.order.reference, asking.order.transfer_group)


def _refused(run: Run, transfer: int, asking: Asking, refused: OutsideRefused | OutsideGone) -> None:
    """It waits for its reason to end; an account that is gone waits like one that can't receive."""
    no_funds = isinstance(refused, OutsideRefused) and refused.code in NO_FUNDS
    with transaction() as session:
        reason = WaitReason.FUNDS if no_funds else WaitReason.ACCOUNT
        refuse_transfer(session, transfer, reason, asking.order.reference)
        run.done(session)


@recurring("payouts.sweep_transfers", every=30)
def sweep_transfers(run: Run) -> None:
    """Transfers whose day has come, or whose reason to wait may have ended, are tried again.

    What a stop holds is tried again when it ends. What is known to wait for an account that still can't receive isn't
    looked at: it would keep others from their turn, and so would what waits for a new account's days. What waited for
    its day when its account stopped receiving is, once: from then on it waits for the account.
    """
    ripe = Transfer.state.in_([TransferState.PLANNED, TransferState.WAITING]) & (Transfer.not_before <= clock.now())
    other = Transfer.wait_reason.is_distinct_from(WaitReason.ACCOUNT)
    running = Transfer.wait_reason.is_distinct_from(WaitReason.STOPPED)
    query = select(Transfer.id).join(Payee, Payee.id == Transfer.payee_id)
    free = Transfer.wait_reason.is_distinct_from(WaitReason.HOLD)
    free = free | Payee.holds_until.is_(None) | (Payee.holds_until <= clock.now())
    query = query.where(ripe, running, free, (Payee.state == PayeeState.READY) | other)
    with transaction() as session:
        for index, id in enumerate(session.scalars(query.order_by(Transfer.id).limit(BATCH)).all()):
            at = pacing.planned_at(index)
            outbox.add(session, "payouts.send_transfer", key=f"transfer:{id}", run_at=at, transfer=id)
