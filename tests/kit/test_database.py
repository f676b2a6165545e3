"""Sessions, moments, clock and names: what everything else stands on."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import StatementError

from bountyhub.events.models import MovedTime
from bountyhub.kit import clock, database, ids
from bountyhub.kit.database import NestedTransaction, NotConfigured, after_commit, reading, transaction
from bountyhub.kit.errors import Conflict, DomainError
from bountyhub.people.models import Person
from tests.servers import postgres


@pytest.mark.usefixtures("database")
def test_a_transaction_commits_at_its_end_and_not_on_an_error() -> None:
    with transaction() as session:
        session.add(MovedTime(id=1, seconds=5))
    with pytest.raises(ValueError, match="no"), transaction() as session:
        session.get_one(MovedTime, 1).seconds = 9
        raise ValueError("no")
    with reading() as session:
        assert session.get_one(MovedTime, 1).seconds == 5


@pytest.mark.usefixtures("sqlite")
def test_a_transaction_inside_a_transaction_is_refused_and_the_next_one_works() -> None:
    with transaction(), pytest.raises(NestedTransaction), transaction():
        pass
    with transaction() as session:
        assert session.is_active


@pytest.mark.usefixtures("database")
def test_what_is_read_is_not_written() -> None:
    with reading() as session:
        session.add(MovedTime(id=1, seconds=5))
        session.flush()
    with reading() as session:
        assert session.get(MovedTime, 1) is None


@pytest.mark.usefixtures("sqlite")
def test_what_is_asked_for_after_the_commit_happens_once_and_only_after_it() -> None:
    seen: list[str] = []

    def note() -> None:
        seen.append("committed")

    with pytest.raises(ValueError, match="no"), transaction() as session:
        after_commit(session, note)
        raise ValueError("no")
    with transaction() as session:
        after_commit(session, note)
        after_commit(session, note)
        assert seen == []
    assert seen == ["committed"]


@pytest.mark.usefixtures("database")
def test_a_moment_comes_back_as_it_went_in_and_in_utc() -> None:
    moment = datetime(2026, 11, 3, 14, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    with transaction() as session:
        session.add(Person(name="x", created_at=moment))
    with reading() as session:
        read = session.get_one(Person, 1).created_at
    assert (read, read.utcoffset()) == (moment, timedelta(0))


@pytest.mark.usefixtures("database")
def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(StatementError, match="naive"), transaction() as session:
        session.add(Person(name="x", created_at=datetime(2026, 11, 3)))  # noqa: DTZ001
        session.flush()


def test_without_a_database_the_first_use_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_engine", None)
    for _ in range(2):
        with pytest.raises(NotConfigured), transaction():
            pass


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_way_to_write_a_postgresql_address_is_understood(prefix: str) -> None:
    assert database.normal_url(f"{prefix}h/d") == "postgresql+psycopg://h/d"


def test_only_business_time_is_moved() -> None:
    clock.set_offset(timedelta(days=100))
    assert clock.now() - clock.real_now() > timedelta(days=99)
    clock.set_offset(timedelta(0))
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


@given(st.integers(1, 40))
def test_names_are_random_readable_and_safe_in_addresses(length: int) -> None:
    name = ids.new_ref(length)
    assert len(name) == length
    assert not set(name) & set("01ilo-")
    assert length < 8 or name != ids.new_ref(length)


def test_only_the_digest_of_a_secret_is_kept() -> None:
    secret = ids.new_secret()
    assert len(ids.digest(secret)) == 64
    assert ids.digest(secret) == ids.digest(secret) != ids.digest(ids.new_secret())


def test_a_delay_is_spread_by_half_to_one_and_a_half() -> None:
    assert all(0.5 <= ids.jitter() <= 1.5 for _ in range(100))


def test_a_refusal_carries_its_status_advice_and_facts() -> None:
    refusal = Conflict("It is over.", advice="Open another.", task=12)
    assert isinstance(refusal, DomainError)
    assert (refusal.status, refusal.code, refusal.message) == (409, "conflict", "It is over.")
    assert (refusal.advice, refusal.facts) == ("Open another.", {"task": 12})


@pytest.mark.usefixtures("sqlite")
def test_writers_of_one_process_queue_instead_of_meeting_a_locked_file() -> None:
    @event.listens_for(database.engine(), "connect")
    def never_wait(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    def count_up(_: int) -> None:
        with transaction() as session:
            row = session.get_one(MovedTime, 1, with_for_update=True)
            row.seconds += 1

    with transaction() as session:
        session.add(MovedTime(id=1, seconds=0))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count_up, range(80)))
    with reading() as session:
        assert session.get_one(MovedTime, 1).seconds == 80


def test_a_new_file_that_somebody_else_is_just_writing_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    writing = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    writing.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, writing.execute, ["COMMIT"]).start()
    with database.make_engine(f"sqlite:///{file}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    writing.close()


def test_a_connection_that_died_while_it_rested_is_replaced(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "REST_SECONDS", 0.0)
    with reading() as session:
        first = session.scalar(text("SELECT pg_backend_pid()"))
    owner = database.make_engine(postgres.owner_of(postgresql))
    with owner.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    owner.dispose()
    with transaction() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != first
