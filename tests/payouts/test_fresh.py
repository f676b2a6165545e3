"""How long card money is fresh: longer for large releases and very young repositories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts.models import Transfer
from bountyhub.payouts.rules import Freshness, fresh_for, leaves_at
from bountyhub.projects.models import Repository
from tests.builders.world import BO, World, merged

NOW = datetime(2026, 11, 29, tzinfo=UTC)
RULE = Freshness(days=7, long_days=14, limit=100_000, young=timedelta(days=30))


@pytest.mark.parametrize(
    ("rule", "released", "age", "days"),
    [
        (RULE, 100_000, 400, 7),
        (RULE, 100_001, 400, 14),
        (RULE, 5000, 29, 14),
        (RULE, 5000, 30, 7),
        (RULE, 5000, None, 7),
        (Freshness(0, 14, 100_000, timedelta(days=30)), 200_000, 1, 0),
        (Freshness(20, 14, 100_000, timedelta(days=30)), 200_000, 1, 20),
        (Freshness(7, 14, None, timedelta(days=30)), 10**9, 400, 7),
    ],
)
def test_how_long(rule: Freshness, released: int, age: int | None, days: int) -> None:
    made_at = None if age is None else NOW - timedelta(days=age)
    assert fresh_for(rule, released, made_at, NOW) == timedelta(days=days)


def test_it_leaves_when_the_last_reason_is_over() -> None:
    week = timedelta(days=7)
    assert leaves_at(NOW, None, week) == NOW + week
    assert leaves_at(NOW, NOW + timedelta(days=9), week) == NOW + timedelta(days=9)
    assert leaves_at(NOW, NOW, week, NOW + timedelta(days=56)) == NOW + timedelta(days=56)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("age", "amount", "days"), [(5, 5000, 14), (400, 5000, 7), (400, 100_100, 14)])
def test_the_transfer_waits_for_its_day(age: int, amount: int, days: int) -> None:
    world = World.begin(FRESH_DAYS=7)
    world.connect(BO)
    with transaction() as session:
        repository = session.scalars(select(Repository)).one()
        repository.forge_created_at = clock.now() - timedelta(days=age)
    given = world.pay(amount)
    world.record(merged(world.linked()))
    [transfer] = world.rows(Transfer)
    assert given.captured_at is not None
    assert transfer.not_before == given.captured_at + timedelta(days=days)
    assert world.send_transfers() == 0
