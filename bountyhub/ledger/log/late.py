"""Which entries should be in the log by now. Reads only.

That an entry waits is no fault while the sealer gets on: after an upgrade it has all of the history before it, after
a downtime what was booked just before. So the hourly self-check looks twice before it raises its alarm, and `verify`
speaks of entries that are late only while that alarm is open: then the sealer has had its chance.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bountyhub.events import alarms
from bountyhub.kit import clock
from bountyhub.ledger.log.models import Leaf
from bountyhub.ledger.log.store import newest_checkpoint
from bountyhub.ledger.models import Entry

#: The alarm: its scope and its key.
UNSEALED = "unsealed:"
ALARM = f"{UNSEALED}log"
#: An entry that was recorded longer ago than this is late.
LATE = timedelta(hours=1)
#: A sealer whose newest checkpoint is younger than this gets on: what comes next in its order is not late.
GETTING_ON = timedelta(minutes=10)


def late(session: Session, now: datetime) -> Select[int]:
    """The ids of late entries; `now` is protocol time, since business time may have been moved past them.

    What the sealer has passed over is late even while it gets on with others.
    """
    query = select(Entry.id).outerjoin(Leaf, Leaf.entry_id == Entry.id).where(Leaf.entry_id.is_(None))
    query = query.where(Entry.recorded_at < now - LATE)
    newest = newest_checkpoint(session)
    if newest is not None and newest.at > clock.now() - GETTING_ON:  # a checkpoint tells business time
        query = query.where(Entry.id < select(func.max(Leaf.entry_id)).scalar_subquery())
    return query


def had_its_chance(session: Session) -> bool:
    """Whether the self-check has found entries late and the sealer not getting on."""
    return ALARM in alarms.open_keys(session, UNSEALED)
