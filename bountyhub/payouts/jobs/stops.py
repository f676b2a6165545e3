"""Ends stops whose time is over, and makes those that the site makes by itself."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Stop
from bountyhub.payouts.operations.automatic_stops import stop_by_itself
from bountyhub.payouts.operations.stops import end_due_stop


@recurring("payouts.sweep_stops", every=60)
def sweep_stops(run: Run) -> None:
    """Stops that ended by themselves: what waited for them is tried again."""
    with reading() as session:
        due = session.scalars(select(Stop.id).where(Stop.ended_at.is_(None), Stop.until <= clock.now())).all()
    each(due, _end)


def _end(stop_id: int) -> None:
    with transaction() as session:
        end_due_stop(session, stop_id)


@recurring("payouts.watch_for_fraud", every=60)
def watch_for_fraud(run: Run) -> None:
    """A wave of declined cards, or of warnings, stops outgoing money before anybody looks."""
    with transaction() as session:
        stop_by_itself(session)
