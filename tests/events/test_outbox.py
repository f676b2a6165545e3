"""Durable jobs: one row stands for many wishes, claims exclude each other, failures are put off, effects are atomic."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bountyhub.events import outbox
from bountyhub.events.models import MovedTime, OutboxJob
from bountyhub.events.registry import JOBS, Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.errors import OutsideUnavailable, RetryAt

ran: list[int] = []
failures: list[Exception] = []


@pytest.fixture(autouse=True)
def jobs() -> Iterator[None]:
    """Jobs of these tests alone."""
    ran.clear()
    failures.clear()
    kept = dict(JOBS)
    JOBS.clear()
    job("test.note", queue="mail")(note)
    job("test.pay", queue="money")(pay)
    job("test.book", queue="money")(book)
    recurring("test.sweep", every=60)(sweep)
    yield
    JOBS.clear()
    JOBS.update(kept)
    outbox.forget_listeners()


def note(run: Run, number: int) -> None:
    ran.append(number)
    if failures:
        raise failures.pop(0)


def pay(run: Run, number: int) -> None:
    note(run, number)


def book(run: Run, seconds: int) -> None:
    """An effect and the job's end in one transaction."""
    with transaction() as session:
        session.merge(MovedTime(id=1, seconds=seconds))
        run.done(session)
        if failures:
            raise failures.pop(0)


def sweep(run: Run) -> None:
    note(run, 0)


def ask(name: str = "test.note", **wish: Any) -> None:
    with transaction() as session:
        outbox.add(session, name, **wish)


def rows() -> list[OutboxJob]:
    with reading() as session:
        return list(session.query(OutboxJob).order_by(OutboxJob.id))


def run_all() -> None:
    for attempt in outbox.claim(10):
        outbox.run(attempt)


def hurry() -> None:
    """All waiting is over."""
    with transaction() as session:
        for row in session.query(OutboxJob):
            row.run_at = clock.real_now()
            row.leased_until = row.leased_until and clock.real_now() - timedelta(seconds=1)


@pytest.mark.usefixtures("database")
def test_a_job_runs_once_and_is_finished() -> None:
    ask(number=7)
    run_all()
    run_all()
    assert ran == [7]
    assert rows()[0].finished_at is not None


@pytest.mark.usefixtures("sqlite")
def test_a_job_of_a_transaction_that_failed_was_never_asked_for() -> None:
    with pytest.raises(ValueError, match="no"), transaction() as session:
        outbox.add(session, "test.note", number=7)
        raise ValueError("no")
    assert rows() == []


@pytest.mark.usefixtures("database")
def test_a_waiting_job_of_the_same_key_stands_for_a_second_one() -> None:
    for _ in range(3):
        ask(key="k", number=7)
    ask(key="other", number=8)
    assert len(rows()) == 2


@pytest.mark.usefixtures("sqlite")
def test_a_job_that_runs_already_does_not_stand_for_a_new_wish() -> None:
    ask(key="k", number=7)
    outbox.claim(1)
    ask(key="k", number=7)
    assert len(rows()) == 2


@pytest.mark.usefixtures("sqlite")
def test_a_finished_job_does_not_stand_for_a_new_wish() -> None:
    ask(key="k", number=7)
    run_all()
    ask(key="k", number=7)
    run_all()
    assert ran == [7, 7]


@pytest.mark.usefixtures("sqlite")
def test_a_job_for_later_waits() -> None:
    ask(number=7, run_at=clock.real_now() + timedelta(hours=1))
    run_all()
    assert ran == []


@pytest.mark.usefixtures("sqlite")
def test_money_goes_before_mail() -> None:
    ask(number=1)
    ask("test.pay", number=2)
    run_all()
    assert ran == [2, 1]


@pytest.mark.usefixtures("postgresql")
def test_many_claimers_share_the_jobs_and_none_gets_the_same_one() -> None:
    for number in range(20):
        ask(number=number)
    with ThreadPoolExecutor(4) as pool:
        taken = [attempt.row for runs in pool.map(lambda _: outbox.claim(5), range(8)) for attempt in runs]
    assert sorted(taken) == sorted(row.id for row in rows())


@pytest.mark.usefixtures("database")
def test_a_leased_job_is_nobody_elses_until_the_lease_ends() -> None:
    ask(number=7)
    assert len(outbox.claim(10)) == 1
    assert outbox.claim(10) == []
    hurry()
    again = outbox.claim(10)
    assert [attempt.attempt for attempt in again] == [2]


@pytest.mark.usefixtures("sqlite")
def test_what_a_killed_runner_held_is_due_at_once_when_it_starts_again() -> None:
    ask(number=7)
    outbox.claim(10)
    outbox.release_leases()
    run_all()
    assert ran == [7]


@pytest.mark.usefixtures("sqlite")
def test_a_job_finished_by_somebody_else_is_not_run_again() -> None:
    ask(number=7)
    first = outbox.claim(10)[0]
    hurry()
    second = outbox.claim(10)[0]
    outbox.run(second)
    outbox.run(first)
    assert ran == [7]


@pytest.mark.usefixtures("sqlite")
def test_a_failure_is_put_off_with_its_reason_and_ever_longer_delays() -> None:
    ask(number=7)
    delays = []
    for _ in range(4):
        failures.append(OutsideUnavailable("timed out"))
        hurry()
        run_all()
        delays.append((rows()[0].run_at - clock.real_now()).total_seconds())
    row = rows()[0]
    assert (row.last_error, row.leased_until, row.attempts) == ("OutsideUnavailable: timed out", None, 4)
    assert 0 < delays[0] < 2
    assert 3 < delays[3] <= 12


@pytest.mark.usefixtures("sqlite")
def test_a_rate_limit_names_the_moment_of_the_next_try() -> None:
    at = clock.real_now() + timedelta(minutes=17)
    ask(number=7)
    failures.append(RetryAt("slow down", at))
    run_all()
    assert rows()[0].run_at == at


@pytest.mark.usefixtures("sqlite")
def test_a_programmers_error_is_not_lost_either() -> None:
    ask(number=7)
    failures.append(ZeroDivisionError("oops"))
    run_all()
    hurry()
    run_all()
    assert (ran, rows()[0].finished_at is not None) == ([7, 7], True)


@pytest.mark.usefixtures("database")
def test_a_job_is_finished_together_with_its_effect_or_not_at_all() -> None:
    ask("test.book", seconds=5)
    failures.append(ValueError("just before the commit"))
    run_all()
    with reading() as session:
        assert session.get(MovedTime, 1) is None
    assert rows()[0].finished_at is None
    hurry()
    run_all()
    with reading() as session:
        assert session.get_one(MovedTime, 1).seconds == 5
    assert rows()[0].finished_at is not None


@pytest.mark.usefixtures("database")
def test_a_recurring_job_has_one_row_and_goes_back_to_wait() -> None:
    outbox.ensure_schedule()
    outbox.ensure_schedule()
    run_all()
    row = rows()[0]
    assert (len(rows()), ran, row.finished_at, row.attempts) == (1, [0], None, 0)
    assert 50 < (row.run_at - clock.real_now()).total_seconds() <= 60


@pytest.mark.usefixtures("sqlite")
def test_moved_time_makes_every_sweep_due_at_once() -> None:
    outbox.ensure_schedule()
    run_all()
    with transaction() as session:
        outbox.run_recurring_now(session)
    run_all()
    assert ran == [0, 0]


@pytest.mark.usefixtures("sqlite")
def test_the_runner_is_woken_after_the_commit_not_before() -> None:
    woken: list[int] = []
    outbox.on_commit(lambda: woken.append(len(rows())))
    with transaction() as session:
        outbox.add(session, "test.note", number=7)
        assert woken == []
    assert woken == [1]


@pytest.mark.usefixtures("sqlite")
def test_jobs_finished_long_ago_are_forgotten() -> None:
    ask(number=7)
    ask(number=8)
    outbox.run(outbox.claim(1)[0])
    with transaction() as session:
        outbox.purge(session, older_than=timedelta(seconds=-1))
    assert [row.args for row in rows()] == [{"number": 8}]


def test_two_jobs_of_one_name_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match="two jobs named"):
        job("test.note", queue="mail")(lambda run: None)


def test_only_what_runs_behind_everything_else_may_take_long() -> None:
    with pytest.raises(AssertionError):
        job("test.long", queue="money", seconds=600)
