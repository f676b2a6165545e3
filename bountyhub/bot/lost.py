"""Deliveries that GitHub couldn't hand over, by GUID: noted, asked for again, ended when they came or are too old.

Called by the walk of the delivery log, inside its transactions; `/metrics` and `doctor` read the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.bot import rules_lost
from bountyhub.bot.models import ForgePosition, LostDelivery, LostState
from bountyhub.events.alarms import Found
from bountyhub.events.models import InboxEvent
from bountyhub.kit import clock
from bountyhub.ports.forge_polling import Attempt

ALARM = "deliveries:"
LOG = "deliveries"
#: Those that came or were given up are counted so long.
COUNTED = timedelta(days=14)


def note_failed(session: Session, failed: Collection[Attempt]) -> None:
    """Remember tries that failed, but for those whose delivery is in our inbox."""
    came = in_inbox(session, {one.guid for one in failed})
    now = clock.real_now()
    for one in sorted(failed, key=lambda one: (one.guid, one.id)):
        if one.guid not in came and not rules_lost.is_too_old(one.delivered_at, now):
            _note(session, one, now)


def _note(session: Session, one: Attempt, now: datetime) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(LostDelivery).values(
        guid=one.guid, delivery_id=one.id, event=one.event[:100], delivered_at=one.delivered_at,
        state=LostState.WAITING, asks=0, ask_at=now,
    )  # fmt: skip
    earlier = LostDelivery.delivered_at > one.delivered_at
    session.execute(
        statement.on_conflict_do_update(index_elements=["guid"], set_={"delivered_at": one.delivered_at}, where=earlier)
    )


def in_inbox(session: Session, guids: Collection[str]) -> set[str]:
    """Those of these deliveries that were received."""
    query = select(InboxEvent.delivery_id).where(InboxEvent.source == "github", InboxEvent.delivery_id.in_(guids))
    return set(session.scalars(query)) if guids else set()


def waiting(session: Session, guid: str) -> LostDelivery | None:
    """A delivery that is still waited for, locked."""
    row = session.get(LostDelivery, guid, with_for_update=True, populate_existing=True)
    return row if row is not None and row.state is LostState.WAITING else None


def end(row: LostDelivery, state: LostState) -> None:
    """It came, or is given up."""
    row.state, row.ended_at = state, clock.real_now()


def note_ask(row: LostDelivery) -> None:
    """GitHub was asked to send it again."""
    row.asks += 1
    row.ask_at = rules_lost.next_ask(row.asks, clock.real_now())


def settle(session: Session) -> None:
    """End those that came meanwhile and those that are too old; forget what ended long ago."""
    now = clock.real_now()
    query = select(LostDelivery).where(LostDelivery.state == LostState.WAITING).order_by(LostDelivery.guid)
    rows = list(session.scalars(query.with_for_update()))
    came = in_inbox(session, [row.guid for row in rows])
    for row in rows:
        if row.guid in came:
            end(row, LostState.CAME)
        elif rules_lost.is_too_old(row.delivered_at, now):
            end(row, LostState.GIVEN_UP)
    session.execute(delete(LostDelivery).where(LostDelivery.ended_at < now - COUNTED))


def due(session: Session, limit: int) -> Sequence[str]:
    """GUIDs that GitHub may be asked for now, the oldest first."""
    query = select(LostDelivery.guid).where(LostDelivery.state == LostState.WAITING)
    query = query.where(LostDelivery.ask_at <= clock.real_now())
    return session.scalars(query.order_by(LostDelivery.delivered_at, LostDelivery.guid).limit(limit)).all()


def alarms(session: Session) -> list[Found]:
    """One for all that fail again and again."""
    stubborn = (LostDelivery.state == LostState.WAITING) & (LostDelivery.asks >= rules_lost.AGAIN_AND_AGAIN)
    query = select(func.count(), func.min(LostDelivery.delivered_at)).where(stubborn)
    many, since = session.execute(query).one()
    if not many:
        return []
    told = (
        f"{many} of GitHub’s deliveries failed again each time they were asked for, since {since:%Y-%m-%d %H:%M} UTC: "
        "is the webhook’s address reached from outside?"
    )
    return [Found(f"{ALARM}failing", "deliveries", "GitHub", told)]


def counts(session: Session) -> dict[LostState, int]:
    """How many wait, came after all, or were given up in the last two weeks."""
    query = select(LostDelivery.state, func.count()).group_by(LostDelivery.state)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {state: found.get(state, 0) for state in LostState}


def walked_at(session: Session) -> datetime | None:
    """When the delivery log was last looked at (protocol time)."""
    return session.scalar(select(ForgePosition.read_at).where(ForgePosition.what == LOG))
