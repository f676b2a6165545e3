"""Reminds backers of refunds that failed."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Refund, RefundState
from bountyhub.funding.operations.other_way import remind
from bountyhub.kit.database import reading, transaction

BATCH = 20_000


@recurring("funding.remind_unclaimed", every=86_400)
def remind_unclaimed(run: Run) -> None:
    """7, 14 and 28 days after the failure."""
    query = select(Refund.id).where(Refund.state == RefundState.FAILED).order_by(Refund.id).limit(BATCH)
    with reading() as session:
        waiting = session.scalars(query).all()
    each(waiting, _remind)


def _remind(refund_id: int) -> None:
    with transaction() as session:
        remind(session, refund_id)
