"""Alarms: raised when a check finds what must not be, ended when it no longer does. Operators see them."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.events.models import Alarm
from bountyhub.kit import clock

log = logging.getLogger("bountyhub.alarms")


@dataclass(frozen=True)
class Found:
    """What a check found wrong: `key` begins with the check's scope and stays the same as long as it is the same."""

    key: str
    kind: str
    object: str
    text: str


def settle(session: Session, scope: str, found: Collection[Found]) -> None:
    """Make the open alarms of a scope (how their keys begin) those that were found; all others of it end."""
    for one in found:
        assert one.key.startswith(scope), f"{one.key} is not of {scope}"
        _see(session, one)
    keys = {one.key for one in found}
    for alarm in session.scalars(_open().where(Alarm.key.startswith(scope, autoescape=True)).with_for_update()):
        if alarm.key not in keys:
            alarm.ended_at = clock.now()
            log.warning("alarm over: %s", alarm.text)


def _see(session: Session, found: Found) -> None:
    now = clock.now()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"key": found.key, "kind": found.kind, "object": found.object, "text": found.text}
    moments = {"first_seen": now, "last_seen": now}
    made = dialect.insert(Alarm).values(**row, **moments).on_conflict_do_nothing().returning(Alarm.id)
    is_new = session.scalar(made) is not None
    alarm = session.scalars(select(Alarm).where(Alarm.key == found.key).with_for_update()).one()
    if alarm.ended_at is not None:
        alarm.first_seen, alarm.ended_at, is_new = now, None, True
    alarm.last_seen, alarm.text = now, found.text
    if is_new:
        log.error("alarm: %s", found.text)


def _open() -> Select[Alarm]:
    return select(Alarm).where(Alarm.ended_at.is_(None))


def open_alarms(session: Session) -> list[Alarm]:
    """Those that hold, oldest first."""
    return list(session.scalars(_open().order_by(Alarm.first_seen, Alarm.id)))


def open_keys(session: Session, scope: str) -> set[str]:
    """The keys of a scope's open alarms."""
    return {alarm.key for alarm in session.scalars(_open().where(Alarm.key.startswith(scope, autoescape=True)))}


def ended_lately(session: Session, within: timedelta = timedelta(days=14), limit: int = 50) -> list[Alarm]:
    """Those that are over, the newest end first."""
    query = select(Alarm).where(Alarm.ended_at >= clock.now() - within)
    return list(session.scalars(query.order_by(Alarm.ended_at.desc(), Alarm.id.desc()).limit(limit)))


def open_by_kind(session: Session) -> dict[str, int]:
    """How many hold, by kind."""
    query = select(Alarm.kind, func.count().label("alarms")).where(Alarm.ended_at.is_(None)).group_by(Alarm.kind)
    return {row.kind: row.alarms for row in session.execute(query)}
