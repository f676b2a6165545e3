"""Alarms: one row for one thing however often it is found; over when it is found no more; logged once."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bountyhub.events import alarms
from bountyhub.events.alarms import Found
from bountyhub.events.models import Alarm
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction

pytestmark = pytest.mark.usefixtures("database")


def find(*keys: str, scope: str = "pending:", text: str = "a transfer hangs") -> None:
    found = [Found(f"{scope}{key}", "transfer_pending", key, text) for key in keys]
    with transaction() as session:
        alarms.settle(session, scope, found)


def still_open() -> list[Alarm]:
    with reading() as session:
        return alarms.open_alarms(session)


def test_what_is_found_again_stays_one_alarm_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    find("t1")
    first = still_open()[0].last_seen
    find("t1", text="a transfer hangs: 5 EUR")
    (alarm,) = still_open()
    assert (alarm.object, alarm.text) == ("t1", "a transfer hangs: 5 EUR")
    assert alarm.first_seen == first < alarm.last_seen
    assert [record.levelno for record in caplog.records if record.message.startswith("alarm:")] == [logging.ERROR]


def test_what_is_found_no_more_ends_and_may_begin_anew() -> None:
    find("t1", "t2")
    find("t2")
    assert [alarm.object for alarm in still_open()] == ["t2"]
    with reading() as session:
        (over,) = alarms.ended_lately(session)
        assert alarms.open_by_kind(session) == {"transfer_pending": 1}
    assert over.object == "t1"
    find("t1")
    (again,) = still_open()
    assert again.object == "t1"
    assert again.ended_at is None
    assert over.ended_at is not None and again.first_seen >= over.ended_at


def test_a_scope_leaves_the_others_alone() -> None:
    find("EUR", scope="sums:")
    find("t1")
    find(scope="pen%:")
    assert len(still_open()) == 2
    find(scope="pending:")
    assert [alarm.key for alarm in still_open()] == ["sums:EUR"]


def test_what_ended_long_ago_is_not_shown() -> None:
    find("t1")
    find()
    try:
        clock.set_offset(timedelta(days=15))
        with reading() as session:
            assert alarms.ended_lately(session) == []
    finally:
        clock.set_offset(timedelta(0))
