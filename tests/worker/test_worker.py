"""The outbox through RQ on a real Redis and PostgreSQL: everything is done once, whatever Redis forgets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select, update

from bountyhub import settings
from bountyhub.events import audit, moved_time, outbox, registry
from bountyhub.events.models import AuditEvent, OutboxJob
from bountyhub.events.registry import JOBS, Run
from bountyhub.events.wakeup import KEY, WakeUp
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import jobs
from bountyhub.ports.errors import OutsideUnavailable
from tests.builders.settings import play_settings
from worker.relay import Relay, queues

pytestmark = pytest.mark.usefixtures("postgresql")


@pytest.fixture(autouse=True)
def _noting_job(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.use(play_settings())

    def note(run: Run, number: int) -> None:
        with transaction() as session:
            audit.record(session, "clock", "noted", "number", number)
            run.done(session)

    monkeypatch.setitem(JOBS, "test.note", registry.Job("test.note", "money", note))


@pytest.fixture
def redis(redis_url: str) -> Redis:
    client: Redis = Redis.from_url(redis_url)
    client.flushdb()
    return client


def ask(*numbers: int) -> None:
    with transaction() as session:
        for number in numbers:
            outbox.add(session, "test.note", number=number)


def noted() -> list[int]:
    with reading() as session:
        query = select(AuditEvent.object_id).where(AuditEvent.action == "noted").order_by(AuditEvent.object_id)
        return list(session.scalars(query))


def work(redis: Redis) -> None:
    SimpleWorker(queues(redis), connection=redis, serializer=JSONSerializer).work(burst=True)


def end_leases() -> None:
    with transaction() as session:
        past = clock.real_now() - timedelta(seconds=1)
        session.execute(update(OutboxJob).where(OutboxJob.finished_at.is_(None)).values(leased_until=past))


def test_rows_go_through_rq_once(redis: Redis) -> None:
    ask(1, 2, 3)
    assert Relay(redis).hand_out() == 3
    work(redis)
    assert noted() == [1, 2, 3]


def test_an_emptied_redis_loses_nothing(redis: Redis) -> None:
    ask(1, 2)
    Relay(redis).hand_out()
    redis.flushdb()
    work(redis)
    assert noted() == []
    end_leases()
    Relay(redis).hand_out()
    work(redis)
    assert noted() == [1, 2]


def test_a_number_handed_out_twice_runs_once(redis: Redis) -> None:
    ask(1)
    Relay(redis).hand_out()
    end_leases()
    Relay(redis).hand_out()
    work(redis)
    assert noted() == [1]


def test_two_relays_share_the_rows(redis: Redis) -> None:
    ask(*range(20))
    with ThreadPoolExecutor(2) as pool:
        handed_out = sum(pool.map(lambda relay: relay.hand_out(), [Relay(redis), Relay(redis)]))
    assert handed_out == 20
    work(redis)
    assert noted() == list(range(20))


def test_no_more_waits_in_redis_than_is_done_within_a_lease(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.relay.MOST_WAITING", 3)
    ask(1, 2, 3, 4)
    relay = Relay(redis)
    assert [relay.hand_out(), relay.hand_out()] == [3, 0]
    work(redis)
    assert relay.hand_out() == 1
    work(redis)
    assert noted() == [1, 2, 3, 4]


def test_a_failing_job_is_put_off_in_its_row_and_forgotten_by_rq(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(run: Run, number: int) -> None:
        raise OutsideUnavailable("timed out")

    monkeypatch.setitem(JOBS, "test.note", registry.Job("test.note", "money", fail))
    ask(1)
    Relay(redis).hand_out()
    before = clock.real_now()
    work(redis)
    with reading() as session:
        row = session.scalars(select(OutboxJob)).one()
    assert (row.finished_at, row.leased_until, row.attempts) == (None, None, 1)
    assert row.last_error == "OutsideUnavailable: timed out"
    assert row.run_at > before + timedelta(milliseconds=400)
    assert [queue.failed_job_registry.count for queue in queues(redis)] == [0, 0, 0, 0]


@pytest.mark.parametrize(("name", "seconds"), [("ledger.check_rule", jobs.LONGEST_RULE), ("test.note", 50)])
def test_only_a_rule_of_the_books_may_take_long_and_its_row_stays_its_own(
    redis: Redis, name: str, seconds: int
) -> None:
    with transaction() as session:
        outbox.add(session, name, number=0)
    before = clock.real_now()
    Relay(redis).hand_out()
    (sent,) = [job for queue in queues(redis) for job in queue.jobs]
    with reading() as session:
        leased_until = session.scalars(select(OutboxJob.leased_until)).one()
    assert sent.timeout == seconds
    assert leased_until is not None and leased_until >= before + timedelta(seconds=seconds + 10)


def test_urgent_queues_are_worked_on_first(redis: Redis) -> None:
    assert [queue.name for queue in queues(redis)] == [
        "bountyhub-money", "bountyhub-forge", "bountyhub-mail", "bountyhub-sweep",
    ]  # fmt: skip


def test_a_job_sees_time_that_another_process_moved(redis: Redis) -> None:
    ask(1)
    with transaction() as session:
        moved_time.advance(session, 9)
    clock.set_offset(timedelta(0))
    Relay(redis).hand_out()
    work(redis)
    try:
        assert clock.offset() == timedelta(days=9)
    finally:
        clock.set_offset(timedelta(0))


def test_a_commit_wakes_the_relay(redis: Redis, redis_url: str) -> None:
    WakeUp(redis_url).push()
    WakeUp(redis_url).push()
    assert redis.llen(KEY) == 1


def test_a_redis_that_is_away_does_not_stop_a_commit() -> None:
    WakeUp("redis://127.0.0.1:1/0").push()
    ask(1)
    with reading() as session:
        assert session.scalars(select(OutboxJob.args)).all() == [{"number": 1}]
