"""Takes transfers of undone releases back, and tries again those that were refused or heard no answer."""

from __future__ import annotations

import logging

from sqlalchemy import select

from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts import pacing
from bountyhub.payouts.jobs.beginning import begun
from bountyhub.payouts.models import Reversal
from bountyhub.payouts.operations import record_transfer
from bountyhub.payouts.operations.reversals import OPEN, send
from bountyhub.payouts.operations.undoing import TakingBack, begin_reversal, refuse_reversal
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.payments import TransferResult

log = logging.getLogger("bountyhub.payouts")
BATCH = 20_000
#: The processor's words for "nothing is left on the payee's account".
EMPTY = ("balance_insufficient", "insufficient_funds")
GONE = "gone"


@job("payouts.reverse_transfer", queue="money")
def reverse_transfer(run: Run, reversal: int) -> None:
    """Write the intent, ask the processor, record the outcome: once, however often this runs."""
    asking = begun(run, begin_reversal, reversal)  # dropped where its transfer never left
    if asking is None:
        return
    order = asking.order
    result = gateway().find_reversal(order.transfer, order.reference) if asking.look_first else None
    refused: OutsideRefused | OutsideGone | None = None
    if result is None:
        result, refused = _ask(asking)
    with transaction() as session:
        if result is not None:
            record_transfer(session, result)
        if refused is not None:
            refuse_reversal(session, reversal, order.reference, _why(refused))
        run.done(session)


def _ask(asking: TakingBack) -> tuple[TransferResult | None, OutsideRefused | OutsideGone | None]:
    """The transfer as it stands afterwards, and why the processor refused.

    What it refuses for any other reason than an empty account may have come back otherwise: then it is read.
    """
    order = asking.order
    try:
        pacing.wait_for_turn()
        return gateway().reverse_transfer(order, key=order.reference), None
    except OutsideGone as gone:
        return None, gone
    except OutsideRefused as refused:
        if refused.code in EMPTY:
            return None, refused
        log.error("the reversal %s was refused: %s", order.reference, refused)
        return gateway().read_transfer(order.transfer), refused


def _why(refused: OutsideRefused | OutsideGone) -> str:
    return (refused.code or "refused") if isinstance(refused, OutsideRefused) else GONE


@recurring("payouts.sweep_reversals", every=600)
def sweep_reversals(run: Run) -> None:
    """Reversals without an outcome whose next try is due: after a day where they were refused, else at once."""
    query = select(Reversal).where(Reversal.state.in_(OPEN), Reversal.try_at <= clock.now())
    with transaction() as session:
        for row in session.scalars(query.order_by(Reversal.id).limit(BATCH)).all():
            send(session, row)
