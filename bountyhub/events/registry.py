"""The list of job functions by name; features register theirs with `@job` and `@recurring` in their `jobs.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec

from sqlalchemy.orm import Session

from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.kit import clock

P = ParamSpec("P")

#: Queue → priority; RQ and the embedded runner take them in this order.
QUEUES = {"money": 0, "forge": 1, "mail": 2, "sweep": 3}

#: A job may take so long, unless it is declared with more; then a runner that can (RQ) stops it.
SECONDS = 50
#: So much longer a claimed row is its runner's alone.
MARGIN = timedelta(seconds=10)


@dataclass
class Run:
    """One attempt at one outbox row. A job finishes its row in the transaction of its effect: `run.done(session)`."""

    row: int
    attempt: int
    inbox: int | None = None
    finished: bool = field(default=False, init=False)

    def done(self, session: Session, *, forget: bool = False) -> None:
        """Mark the row (and the webhook behind it) finished together with whatever else this session commits.

        `forget`: its args name somebody, and aren't kept.
        """
        row = session.get_one(OutboxJob, self.row, with_for_update=True)
        finish(row)
        row.args = {} if forget else row.args
        if self.inbox is not None:
            event = session.get_one(InboxEvent, self.inbox)
            event.handled_at = event.handled_at or clock.real_now()
        self.finished = True


def finish(row: OutboxJob) -> None:
    """A recurring row goes back to wait, any other is over. One made due again while it ran (time moved) stays due."""
    due_again = row.leased_until is not None and row.run_at > row.leased_until - lease_of(row.name)
    row.leased_until, row.last_error = None, None
    if row.every is None:
        row.finished_at = clock.real_now()
        return
    row.attempts = 0
    if not due_again:
        row.run_at = _later(row.every)


def seconds_of(name: str) -> int:
    """How long a job of this name may take."""
    return JOBS[name].seconds if name in JOBS else SECONDS


def lease_of(name: str) -> timedelta:
    """For how long a claimed row of this name is its runner's alone."""
    return timedelta(seconds=seconds_of(name)) + MARGIN


def _later(seconds: int) -> datetime:
    return clock.real_now() + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Job:
    """A registered job: its function takes a Run and the row's args by name."""

    name: str
    queue: str
    call: Callable[..., None]
    every: int | None = None
    seconds: int = SECONDS


JOBS: dict[str, Job] = {}


def job(name: str, *, queue: str, seconds: int = SECONDS) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Register a function to run once per outbox row of this name. More `seconds` only behind everything else."""
    assert seconds <= SECONDS or queue == "sweep", name
    return _register(name, queue, None, seconds)


def recurring(name: str, *, every: int, queue: str = "sweep") -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Register a sweep that runs every so many seconds, and at once when time was moved."""
    return _register(name, queue, every, SECONDS)


def _register(
    name: str, queue: str, every: int | None, seconds: int
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    assert queue in QUEUES, queue

    def keep(call: Callable[P, None]) -> Callable[P, None]:
        assert name not in JOBS or JOBS[name].call.__qualname__ == call.__qualname__, f"two jobs named {name}"
        JOBS[name] = Job(name, queue, call, every, seconds)
        return call

    return keep
