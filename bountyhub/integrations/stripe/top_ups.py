"""The operator's own money put into the processor's balance: read and booked; for `handlers` and `jobs`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import ports
from bountyhub.funding import operations as funding
from bountyhub.kit.database import reading
from bountyhub.ledger.models import Entry
from bountyhub.ports.reconciliation import Movement


def read_top_ups() -> list[Movement]:
    """Top-ups at the processor that aren't in our books yet, oldest first."""
    movements = list(ports.gateway().movements(kind="topup"))
    with reading() as session:
        known = _known(session, [movement.id for movement in movements])
    return [movement for movement in movements if movement.id not in known]


def record_top_ups(session: Session, movements: Collection[Movement]) -> None:
    """Book each; one that was booked meanwhile stays booked once."""
    for movement in movements:
        funding.record_top_up(session, movement)
    if movements:
        funding.watch_reserve(session)


def _known(session: Session, ids: list[str]) -> set[str]:
    query = select(Entry.outside_id).where(Entry.kind == "topped_up", Entry.outside_id.in_(ids))
    return {str(id) for id in session.scalars(query)}
