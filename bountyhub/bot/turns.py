"""One at a time: reads of the same object recorded in the order they were made, and one comment where one belongs.

In one process callers wait for each other. Across processes a job that was claimed later steps back, and a read that
was begun before somebody else's was recorded is made again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ports.errors import RetryAt
from bountyhub.projects.models import ForgeReading
from bountyhub.projects.operations import count_reading

T = TypeVar("T")
STEP_BACK = timedelta(milliseconds=300)
#: How often a read that was overtaken is made again before it is put off.
MOST_READS = 5
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


class Overtaken(Exception):
    """Somebody else recorded this object after our read began: ours may be the older one."""


@dataclass(frozen=True)
class Turn:
    """A read that began when its object had been recorded so many times."""

    object: str
    times: int

    def take(self, session: Session) -> None:
        """Called first in the transaction that records the read; raises Overtaken."""
        if not count_reading(session, self.object, self.times):
            raise Overtaken(self.object)


def in_order(*key: object, do: Callable[[Turn], T]) -> T:
    """Read an object and record it, again while others record it meanwhile; `do` takes the turn when it records.

    Raises RetryAt when that never ends.
    """
    object = ":".join(str(part) for part in key)
    with one_at_a_time(*key):
        for _ in range(MOST_READS):
            with reading() as session:
                row = session.get(ForgeReading, object)
            try:
                return do(Turn(object, row.times if row else 0))
            except Overtaken:
                continue
    raise RetryAt(f"{object} is being recorded by others", clock.real_now() + STEP_BACK)


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
