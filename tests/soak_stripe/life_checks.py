"""What must hold in the end of money that was moved, whose life ended, or that a stop held."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events.models import MovedTime
from bountyhub.funding.models import Contribution
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Stop, Transfer, TransferState, WaitReason
from tests.soak_stripe.ended import Ended

#: Where money may not lie any more once its life is over; what is on its way back or unclaimed is the backer's.
STAYED = ("escrow", "fee_held", "vat_held", "holdback", "kept_for", "payable", "frozen", "transfer_pending")
#: A sweep has found it by then.
FOUND = timedelta(days=1)


def lives(ended: Ended) -> Iterable[str]:
    """Nothing is here after its day."""
    with reading() as session:
        moved = session.get(MovedTime, 1)
        now = clock.real_now() + timedelta(seconds=moved.seconds if moved else 0)
        rows = session.scalars(select(Contribution).where(Contribution.leave_by < now - FOUND)).all()
        held = ledger.balances_by_contribution(session, [row.ref for row in rows])
    for row in rows:
        left = {kind: amount for kind, amount in held.get(row.ref, {}).items() if kind in STAYED and amount}
        if left:
            yield f"contribution {row.ref} is here after its day: {left}"


def moves(ended: Ended) -> Iterable[str]:
    """What was moved is in its new place alone, as much as it was."""
    with reading() as session:
        rows = {row.id: row for row in session.scalars(select(Contribution))}
        pairs = [(rows[row.moved_from_id], row) for row in rows.values() if row.moved_from_id is not None]
        held = ledger.balances_by_contribution(session, [before.ref for before, _ in pairs])
    for before, row in pairs:
        if sum(held.get(before.ref, {}).values()):
            yield f"contribution {before.ref} was moved, and holds {held[before.ref]}"
        if (before.amount, before.fee) != (row.amount, row.fee):
            yield f"contribution {before.ref} is of another amount where it was moved"


def stops(ended: Ended) -> Iterable[str]:
    """All were lifted, and nothing waits for one, or for a bank, any more."""
    with reading() as session:
        still = session.scalars(select(Stop.scope).where(Stop.ended_at.is_(None))).all()
        halted = (Transfer.state == TransferState.WAITING) & Transfer.wait_reason.in_(
            [WaitReason.STOPPED, WaitReason.DISPUTE]
        )
        waiting = session.execute(select(Transfer.ref, Transfer.wait_reason).where(halted)).all()
    yield from (f"a stop of {scope} holds" for scope in still)
    yield from (f"transfer {ref} waits ({reason})" for ref, reason in waiting)


CHECKS = (lives, moves, stops)
