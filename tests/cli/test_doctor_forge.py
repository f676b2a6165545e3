"""What doctor says of lost deliveries and of pauses that GitHub asked for."""

from __future__ import annotations

from datetime import timedelta

from bountyhub.bot.models import ForgePause, ForgePosition, LostDelivery, LostState
from bountyhub.cli.doctor_forge import asked_to_wait, lost_deliveries
from bountyhub.kit import clock
from bountyhub.kit.database import transaction


def walked(minutes: int) -> None:
    """The log was looked at so long ago."""
    at = clock.real_now() - timedelta(minutes=minutes)
    with transaction() as session:
        session.merge(ForgePosition(what="deliveries", since=at, etag="", seen={}, cursor="", read_at=at))


def test_a_walk_that_goes_on_is_well_and_one_that_stopped_is_not(sqlite: str) -> None:
    assert sqlite
    assert lost_deliveries() == (True, "the log was not looked at yet: a running instance does so each ten minutes")
    walked(1)
    assert lost_deliveries() == (True, "0 waiting, 0 came, 0 given up")
    walked(60)
    well, text = lost_deliveries()
    assert not well
    assert "last looked at" in text


def test_deliveries_that_fail_again_and_again_are_a_fault(sqlite: str) -> None:
    assert sqlite
    walked(1)
    now = clock.real_now()
    row = {"guid": "a", "delivery_id": 1, "event": "push", "delivered_at": now, "ask_at": now}
    with transaction() as session:
        session.add(LostDelivery(state=LostState.WAITING, asks=3, **row))
    well, text = lost_deliveries()
    assert not well
    assert text.startswith("1 waiting, 0 came, 0 given up; 1 of GitHub’s deliveries failed again")


def test_pauses_are_told_and_no_fault(sqlite: str) -> None:
    assert sqlite
    assert asked_to_wait() == (True, "not now")
    with transaction() as session:
        session.add(ForgePause(whose="app", until=clock.real_now() + timedelta(minutes=5)))
    well, text = asked_to_wait()
    assert well
    assert text.startswith("app until ")
