"""Durable jobs: operations add rows in their own transaction, runners claim, run, finish or put them off.

Retries, back-off and leases live in the rows, so whatever carries them (a thread, RQ) may lose everything.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import JOBS, QUEUES, Job, Run, finish, lease_of, seconds_of
from bountyhub.kit import clock, ids
from bountyhub.kit.database import after_commit, reading, transaction
from bountyhub.ports.errors import OutsideUnavailable, RetryAt

log = logging.getLogger("bountyhub.outbox")

LONGEST_WAIT = 3600.0
_listeners: list[Callable[[], None]] = []


def on_commit(listener: Callable[[], None]) -> None:
    """Call this after each commit that added a job (the runner's wake-up; may fail silently, a poll follows)."""
    if listener not in _listeners:
        _listeners.append(listener)


def forget_listeners() -> None:
    """Drop all wake-ups (a runner that stopped)."""
    _listeners.clear()


def wake() -> None:
    """Tell the runner that there is work."""
    for listener in _listeners:
        listener()


def add(session: Session, name: str, *, key: str | None = None, run_at: datetime | None = None, **args: Any) -> None:
    """Ask for a job after this transaction's commit.

    With `key`, a waiting job of that key stands for this one too (it will see this transaction's changes, because
    locking it keeps it from starting before our commit).
    """
    if key is not None and _waiting(session, key):
        return
    known = JOBS[name]
    session.add(
        OutboxJob(
            name=name, args=args, queue=known.queue, priority=QUEUES[known.queue], key=key,
            run_at=run_at or clock.real_now(), created_at=clock.real_now(),
        )
    )  # fmt: skip
    after_commit(session, wake)


def _waiting(session: Session, key: str) -> bool:
    session.flush()
    query = select(OutboxJob.id).where(
        OutboxJob.key == key, OutboxJob.finished_at.is_(None), OutboxJob.leased_until.is_(None), OutboxJob.attempts == 0
    )
    return session.execute(query.limit(1).with_for_update(skip_locked=True)).first() is not None


def claim(limit: int) -> list[Run]:
    """Take up to `limit` due jobs, each for its lease; safe with any number of claimers."""
    now = clock.real_now()
    due = (
        select(OutboxJob)
        .where(OutboxJob.finished_at.is_(None), OutboxJob.run_at <= now)
        .where((OutboxJob.leased_until.is_(None)) | (OutboxJob.leased_until < now))
        .order_by(OutboxJob.priority, OutboxJob.run_at, OutboxJob.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        rows = list(session.scalars(due))
        for row in rows:
            row.leased_until = now + lease_of(row.name)
            row.attempts += 1
        return [Run(row.id, row.attempts, row.args.get("inbox")) for row in rows]


def has_due(session: Session, *, since: datetime | None = None) -> bool:
    """Whether any job is due (since a moment): lets an idle runner look without taking the write lock."""
    now = clock.real_now()
    query = select(OutboxJob.id).where(OutboxJob.finished_at.is_(None), OutboxJob.run_at <= (since or now))
    query = query.where((OutboxJob.leased_until.is_(None)) | (OutboxJob.leased_until < now))
    return session.execute(query.limit(1)).first() is not None


def failing(session: Session, limit: int = 50) -> list[OutboxJob]:
    """Jobs whose last attempt failed and that will be tried again, those with the most attempts first."""
    query = select(OutboxJob).where(OutboxJob.finished_at.is_(None), OutboxJob.last_error.is_not(None))
    return list(session.scalars(query.order_by(OutboxJob.attempts.desc(), OutboxJob.id).limit(limit)))


@dataclass(frozen=True)
class Backlog:
    """How long the oldest due job has waited, in seconds (0 for none), and how many failed and will be tried again."""

    due_seconds: float
    failed: int


def backlog(session: Session) -> Backlog:
    """How the outbox stands, for monitoring."""
    now, waiting = clock.real_now(), OutboxJob.finished_at.is_(None)
    is_free = OutboxJob.leased_until.is_(None) | (OutboxJob.leased_until < now)
    oldest = session.scalar(select(func.min(OutboxJob.run_at)).where(waiting, is_free, OutboxJob.run_at <= now))
    failed = session.scalar(select(func.count(OutboxJob.id)).where(waiting, OutboxJob.last_error.is_not(None)))
    return Backlog((now - oldest).total_seconds() if oldest else 0.0, failed or 0)


def place_of(session: Session, row: int) -> tuple[str, int]:
    """The queue a row belongs to, and how many seconds its job may take."""
    found = session.get_one(OutboxJob, row)
    return found.queue, seconds_of(found.name)


def run(attempt: Run) -> None:
    """Run one claimed job and finish it, or put it off with the reason."""
    with reading() as session:
        row = session.get_one(OutboxJob, attempt.row)
        name, args, over = row.name, dict(row.args), row.finished_at is not None
    if over:
        return
    try:
        JOBS[name].call(attempt, **args)
    except Exception as error:  # every failure is put off, none is lost
        put_off(attempt, error, name)
        return
    if not attempt.finished:
        with transaction() as session:
            finish(session.get_one(OutboxJob, attempt.row, with_for_update=True))


def put_off(attempt: Run, error: Exception, name: str) -> None:
    """Try again later: at the time a rate limit named, else with growing, jittered delays."""
    expected = isinstance(error, OutsideUnavailable)
    log.log(logging.WARNING if expected else logging.ERROR, "job %s (%s) failed: %s: %s", attempt.row, name,
            type(error).__name__, error, exc_info=not expected)  # fmt: skip
    seconds = min(LONGEST_WAIT, 0.5 * 2.0 ** min(attempt.attempt, 13)) * ids.jitter()
    at = error.at if isinstance(error, RetryAt) else clock.real_now() + timedelta(seconds=seconds)
    with transaction() as session:
        row = session.get_one(OutboxJob, attempt.row, with_for_update=True)
        if row.finished_at is None:
            row.run_at, row.leased_until = at, None
            row.last_error = f"{type(error).__name__}: {error}"[:2000]


def release_leases() -> None:
    """At the start of the only runner of a database: whatever a killed predecessor held is due at once."""
    now = clock.real_now()
    with transaction() as session:
        session.execute(
            update(OutboxJob)
            .where(OutboxJob.finished_at.is_(None), OutboxJob.leased_until.is_not(None))
            .values(leased_until=None, run_at=now)
        )


def ensure_schedule() -> None:
    """See that every recurring job has its one row (called by each runner at start, by many at once)."""
    rows = [_recurring(known, known.every) for known in JOBS.values() if known.every is not None]
    with transaction() as session:
        have = set(session.scalars(select(OutboxJob.key).where(OutboxJob.every.is_not(None))))
        missing = sorted((row for row in rows if row["key"] not in have), key=lambda row: str(row["key"]))
        if missing:
            insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
            session.execute(insert(OutboxJob).on_conflict_do_nothing(), missing)


def _recurring(known: Job, every: int) -> dict[str, Any]:
    now = clock.real_now()
    return {
        "name": known.name, "args": {}, "queue": known.queue, "priority": QUEUES[known.queue],
        "key": f"recurring:{known.name}", "every": every, "run_at": now, "created_at": now, "attempts": 0,
    }  # fmt: skip


def run_recurring_now(session: Session) -> None:
    """Make every sweep due at once (time was moved, or the instance was down)."""
    session.execute(update(OutboxJob).where(OutboxJob.every.is_not(None)).values(run_at=clock.real_now()))
    after_commit(session, wake)


def purge(session: Session, *, older_than: timedelta = timedelta(days=14)) -> None:
    """Forget jobs finished long ago."""
    old = clock.real_now() - older_than
    session.execute(delete(OutboxJob).where(OutboxJob.finished_at < old))


def forget(session: Session, addresses: Collection[str]) -> None:
    """Drop every job that was to write to one of these addresses."""
    args = cast(OutboxJob.args, Text)
    written = [args.contains(word, autoescape=True) for each in addresses for word in (f'"{each}"', json.dumps(each))]
    if written:
        session.execute(delete(OutboxJob).where(or_(*written)))
