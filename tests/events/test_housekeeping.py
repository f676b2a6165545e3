"""What the outbox keeps and forgets, and that each recurring job has one row whoever starts first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bountyhub.events import outbox
from bountyhub.events.jobs import purge
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import JOBS, Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.wiring import JOB_MODULES


@pytest.fixture(autouse=True)
def jobs() -> Iterator[None]:
    """Jobs of these tests alone."""
    kept = dict(JOBS)
    JOBS.clear()
    job("test.tell", queue="mail")(tell)
    yield
    JOBS.clear()
    JOBS.update(kept)


def tell(run: Run, email: str) -> None:
    with transaction() as session:
        run.done(session, forget=True)


def rows() -> list[Any]:
    with reading() as session:
        return list(session.scalars(select(OutboxJob).order_by(OutboxJob.id)))


def ask(email: str) -> None:
    with transaction() as session:
        outbox.add(session, "test.tell", email=email)


@pytest.mark.usefixtures("sqlite")
def test_what_was_finished_two_weeks_ago_is_forgotten() -> None:
    ask("old@example.org")
    ask("new@example.org")
    for run in outbox.claim(2):
        outbox.run(run)
    first, second = rows()
    with transaction() as session:
        session.get_one(OutboxJob, first.id).finished_at = clock.real_now() - timedelta(days=15)
    purge(Run(0, 1))
    assert [row.id for row in rows()] == [second.id]
    assert "events.jobs" in JOB_MODULES


@pytest.mark.usefixtures("sqlite")
def test_args_that_name_somebody_are_forgotten_with_the_jobs_end() -> None:
    ask("new@example.org")
    outbox.run(outbox.claim(1)[0])
    assert [(row.args, row.finished_at is not None) for row in rows()] == [({}, True)]


@pytest.mark.usefixtures("postgresql")
def test_runners_that_start_at_once_make_one_row_for_each_recurring_job() -> None:
    for number in range(5):
        recurring(f"test.sweep_{number}", every=60)(lambda run: None)
    barrier = threading.Barrier(4)

    def start(_: int) -> None:
        barrier.wait()
        outbox.ensure_schedule()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert sorted(row.name for row in rows()) == [f"test.sweep_{number}" for number in range(5)]
