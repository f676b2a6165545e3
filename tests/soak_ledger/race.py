"""Two calls by two sessions that begin together and, half of the time, go on statement by statement."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import engine, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.ledger.models import Entry
from tests.soak_ledger.calls import Call, Race, play

#: How long one waits for the other at each statement: it may be waiting for a lock of this one's.
PATIENCE = 0.001


@dataclass
class Answer:
    """What the application said to a call: its entry, or why not."""

    call: Call
    since: datetime
    entry: Entry | None = None
    refused_as: str | None = None


def ask(session: Session, call: Call) -> Answer:
    """Let the application book it."""
    answer = Answer(call, clock.now())
    try:
        answer.entry = play(session, call)
    except DomainError as refusal:
        answer.refused_as = type(refusal).__name__
    return answer


def ask_at_once(race: Race) -> list[Answer]:
    """Let two sessions book them, each in its own transaction."""
    start = threading.Barrier(2)

    def one(call: Call) -> Answer:
        start.wait()
        since = clock.now()
        try:
            with transaction() as session:
                return Answer(call, since, entry=play(session, call))
        except DomainError as refusal:
            return Answer(call, since, refused_as=type(refusal).__name__)

    with ThreadPoolExecutor(2) as pool, _in_step(race.in_step):
        return list(pool.map(one, (race.first, race.second)))


@contextmanager
def _in_step(wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    both = threading.Barrier(2)

    def wait(*_: object) -> None:
        try:
            both.wait(PATIENCE)
        except threading.BrokenBarrierError:
            both.reset()

    event.listen(engine(), "before_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine(), "before_cursor_execute", wait)
