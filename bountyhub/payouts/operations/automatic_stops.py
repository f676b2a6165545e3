"""Stops that the site makes by itself: waves of declined cards and of warnings of fraud. Called by a sweep.

Counted from the audit trail; one that ended is not made again for what it was about.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import alarms
from bountyhub.events.alarms import Found
from bountyhub.events.models import AuditEvent
from bountyhub.funding.models import Contribution, Promise
from bountyhub.kit import clock
from bountyhub.payouts.models import Stop, StopScope
from bountyhub.payouts.operations.stops import make_stop, open_stops
from bountyhub.people.operations import CLOCK

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DECLINED, WARNED = "payment_declined", "fraud_warning"


def stop_by_itself(session: Session) -> None:
    """Make what is due, and keep an alarm for each open stop that nobody made by hand."""
    ours = settings.current()
    for task_id, count in _declines_by_task(session):
        if count >= ours.DECLINES_OF_TASK:
            _make(
                session, StopScope.TASK, str(task_id), f"{count} payments for this task were declined within an hour."
            )
    if _count(session, DECLINED, HOUR, _since(session, StopScope.SITE, "")) >= ours.DECLINES_OF_SITE:
        _make(session, StopScope.SITE, "", "Very many payments were declined within an hour.")
    if _count(session, WARNED, DAY, _since(session, StopScope.SITE, "")) >= ours.FRAUD_WARNINGS:
        _make(session, StopScope.SITE, "", "Banks warned of several stolen cards within a day.")
    _alarm(session)


def _make(session: Session, scope: StopScope, target: str, reason: str) -> None:
    make_stop(session, scope, target, reason, CLOCK)


def _since(session: Session, scope: StopScope, target: str) -> datetime | None:
    """When the last stop of the same ended: what was before it has been looked at."""
    query = select(func.max(Stop.ended_at)).where(Stop.scope == scope, Stop.target == target)
    return session.scalar(query)


def _count(session: Session, action: str, within: timedelta, since: datetime | None) -> int:
    after = max(moment for moment in (clock.now() - within, since) if moment is not None)
    query = select(func.count(AuditEvent.id)).where(AuditEvent.action == action, AuditEvent.at > after)
    return session.scalar(query) or 0


def _declines_by_task(session: Session) -> list[tuple[int, int]]:
    """Cards declined for payments of a task and where cards are saved for its promises."""
    found: Counter[int] = Counter()
    for kind, about in (("contribution", Contribution), ("promise", Promise)):
        query = (
            select(about.task_id, func.count(AuditEvent.id))
            .join(about, about.id == AuditEvent.object_id)
            .where(AuditEvent.action == DECLINED, AuditEvent.object_kind == kind)
            .where(AuditEvent.at > clock.now() - HOUR)
            .group_by(about.task_id)
        )
        for task_id, count in session.execute(query):
            found[task_id] += count
    return [
        (task_id, count) for task_id, count in sorted(found.items())
        if (ended := _since(session, StopScope.TASK, str(task_id))) is None or ended < clock.now() - HOUR
    ]  # fmt: skip


def _alarm(session: Session) -> None:
    scope = "stop:"
    found = [
        Found(f"{scope}{stop.id}", "stop", f"stop {stop.id}", f"Outgoing money stopped ({stop.scope}): {stop.reason}")
        for stop in open_stops(session) if stop.made_by is None
    ]  # fmt: skip
    alarms.settle(session, scope, found)
