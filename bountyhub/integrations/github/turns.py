"""One at a time: reads of the same object recorded in the order they were made, and one comment where one belongs.

In one process callers wait for each other; across processes a job that was claimed later steps back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import and_, or_, select

from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ports.errors import RetryAt

STEP_BACK = timedelta(milliseconds=300)
_guard = threading.Lock()
_held: dict[tuple[object, ...], tuple[threading.Lock, int]] = {}


@contextmanager
def one_at_a_time(*key: object) -> Iterator[None]:
    """Hold the turn of this key in this process."""
    with _guard:
        lock, users = _held.get(key, (threading.Lock(), 0))
        _held[key] = (lock, users + 1)
    try:
        with lock:
            yield
    finally:
        with _guard:
            users = _held[key][1] - 1
            if users:
                _held[key] = (lock, users)
            else:
                del _held[key]


def step_back_for_earlier(run: Run) -> None:
    """Raise RetryAt while another process runs a job of the same key that it claimed earlier."""
    now = clock.real_now()
    with reading() as session:
        mine = session.get_one(OutboxJob, run.row)
        if mine.key is None or mine.leased_until is None:
            return
        earlier = or_(
            OutboxJob.leased_until < mine.leased_until,
            and_(OutboxJob.leased_until == mine.leased_until, OutboxJob.id < mine.id),
        )
        query = select(OutboxJob.id).where(OutboxJob.key == mine.key, OutboxJob.id != mine.id)
        query = query.where(OutboxJob.finished_at.is_(None), OutboxJob.leased_until >= now, earlier)
        if session.execute(query.limit(1)).first() is not None:
            raise RetryAt(f"another run of {mine.key} is under way", now + STEP_BACK)
