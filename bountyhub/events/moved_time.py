"""Moved business time of a sandboxed instance: kept in the database, never going back, surviving a restart."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.events.models import MovedTime
from bountyhub.kit import clock
from bountyhub.kit.database import after_commit, reading, transaction
from bountyhub.kit.errors import DomainError, Forbidden

LONGEST_STEP = 400


def load() -> None:
    """Take over the stored offset in this process."""
    with reading() as session:
        row = session.get(MovedTime, 1)
        clock.set_offset(timedelta(seconds=row.seconds if row else 0))


def advance(session: Session, days: int) -> timedelta:
    """Move business time forward by whole days; refused unless all outside services are sandboxes."""
    if not settings.current().is_sandboxed:
        raise Forbidden("Time can be moved only where all three outside services are sandboxes.")
    if not 0 < days <= LONGEST_STEP:
        raise DomainError(f"Move time by 1 to {LONGEST_STEP} days.")
    row = session.get(MovedTime, 1, with_for_update=True) or MovedTime(id=1, seconds=0)
    row.seconds += days * 86400
    session.add(row)
    moved = timedelta(seconds=row.seconds)
    after_commit(session, lambda: _arrive(moved))
    return moved


def _arrive(moved: timedelta) -> None:
    """The sweeps are made due after this process lives in the new time: one that began on the old would see nothing."""
    clock.set_offset(moved)
    with transaction() as session:
        outbox.run_recurring_now(session)
