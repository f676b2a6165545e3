"""The operator's own money paid out to the bank, or back from a payout that failed: read and booked."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import ports
from bountyhub.events.registry import Run, recurring
from bountyhub.funding import operations as funding
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.models import Entry
from bountyhub.ports.reconciliation import Movement

#: The processor's words: money that left for the bank, and money that came back from there.
KINDS = ("payout", "payout_failure", "payout_cancel")
_BOOKED = ("paid_out", "payout_returned", "unclaimed_set_apart")


def read_payouts() -> list[Movement]:
    """Payouts and returns at the processor that aren't in our books yet: first what left, then what came back."""
    found = [movement for kind in KINDS for movement in ports.gateway().movements(kind=kind)]
    with reading() as session:
        known = _known(session, [movement.id for movement in found])
    return [movement for movement in found if movement.id not in known]


def record_payouts(session: Session, movements: Collection[Movement]) -> None:
    """Book each; one that was booked meanwhile stays booked once."""
    for movement in movements:
        funding.record_payout(session, movement)
    if movements:
        funding.watch_reserve(session)


@recurring("stripe.sync_payouts", every=300, queue="money")
def sync_payouts(run: Run) -> None:
    """What webhooks may have missed; and whether own funds are above the reserve again."""
    movements = read_payouts()
    with transaction() as session:
        record_payouts(session, movements)
        funding.watch_reserve(session)
        run.done(session)


def _known(session: Session, ids: list[str]) -> set[str]:
    query = select(Entry.outside_id).where(Entry.kind.in_(_BOOKED), Entry.outside_id.in_(ids))
    return {str(id) for id in session.scalars(query)}
