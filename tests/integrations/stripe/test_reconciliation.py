"""The walk through the processor's book: what is new is compared once, what differs is kept until both agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bountyhub.events.alarms import open_alarms
from bountyhub.events.models import OutboxJob
from bountyhub.events.outbox import ensure_schedule
from bountyhub.events.registry import Run
from bountyhub.funding.models import Discrepancy, MovementCursor
from bountyhub.funding.operations import reconciliation as kept
from bountyhub.integrations.stripe import jobs
from bountyhub.integrations.stripe.reconciliation import whole
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import queries as ledger
from bountyhub.sandbox.stripe import balance
from bountyhub.sandbox.stripe.call import working
from tests.integrations.stripe.shop import Shop
from tests.sandbox.stripe.world import World


@pytest.fixture(autouse=True)
def booked(shop: Shop) -> None:
    ensure_schedule()
    jobs.sync_top_ups(run("stripe.sync_top_ups"))


def run(name: str) -> Run:
    with reading() as session:
        return Run(session.scalars(select(OutboxJob.id).where(OutboxJob.name == name)).one(), 1)


def walk() -> None:
    jobs.walk_movements(run("stripe.walk_movements"))


def rows() -> list[Discrepancy]:
    with reading() as session:
        return list(session.scalars(select(Discrepancy).order_by(Discrepancy.id)))


def cursor() -> str:
    with reading() as session:
        return session.scalars(select(MovementCursor.last_id)).one()


def texts() -> list[str]:
    with reading() as session:
        return [alarm.text for alarm in open_alarms(session)]


def long_ago() -> None:
    """Whatever differs did so already a while ago."""
    with transaction() as session:
        for row in session.scalars(select(Discrepancy)):
            row.first_seen -= kept.ON_ITS_WAY


def moved(world: World, kind: str, amount: int) -> str:
    """The processor moves money for a reason of its own."""
    with working(world.sandbox) as call:
        balance.REPORTED.setdefault(kind, kind)
        done: dict[str, Any] = balance.book(call, kind, amount, "eur", "")
        return str(done["id"])


def test_what_agrees_leaves_nothing_but_the_cursor(shop: Shop) -> None:
    walk()
    (movement,) = shop.gateway.movements()
    assert (rows(), texts(), cursor()) == ([], [], movement.id)


def test_the_walk_goes_on_where_it_ended(shop: Shop, world: World) -> None:
    walk()
    newest = [moved(world, "adjustment", -10) for _ in range(120)][-1]
    walk()
    assert cursor() == newest
    assert len(rows()) == 120
    with reading() as session:
        assert session.scalars(select(MovementCursor.compared)).one() == 120


def test_an_unknown_kind_is_an_alarm_once_it_stays(world: World) -> None:
    walk()
    id = moved(world, "adjustment", -250)
    walk()
    assert texts() == []
    long_ago()
    walk()
    (row,) = rows()
    assert (row.balance_transaction, row.kind, row.difference.amount) == (id, "adjustment", -250)
    assert texts() == [f"1 movements differ by -2.50 EUR in all, first {id} (adjustment): see /operator/reconciliation"]


def test_it_ends_by_itself_when_both_agree(world: World) -> None:
    walk()
    id = moved(world, "adjustment", -250)
    walk()
    long_ago()
    walk()
    with world.sandbox.store.transaction() as tx:
        tx.delete(balance.KIND, id)
    walk()
    assert texts() == []
    assert rows()[0].ended_at is not None


def test_the_processor_s_own_fee_is_a_cost(world: World) -> None:
    walk()
    moved(world, "stripe_fee", -199)
    for _ in range(2):
        walk()
    assert (rows(), list(whole())) == ([], [])
    with reading() as session:
        assert ledger.balance(session, "cost/processor", "EUR") == 199


def test_a_fee_given_back_is_less_cost(world: World) -> None:
    walk()
    moved(world, "stripe_fee", -199)
    moved(world, "stripe_fee", 99)
    walk()
    with reading() as session:
        assert ledger.balance(session, "cost/processor", "EUR") == 100


def test_a_book_of_another_account_is_compared_whole(shop: Shop, world: World) -> None:
    walk()
    world.control("reset")
    walk()
    assert {row.kind for row in rows()} == {"topup", "unknown"}


def test_a_cent_changed_behind_the_walk_is_named(shop: Shop, world: World) -> None:
    walk()
    (movement,) = shop.gateway.movements()
    world.control("cent_off", balance_transaction=movement.id)
    jobs.confirm_difference(run("stripe.reconcile"), "EUR", -1)
    (row,) = rows()
    assert (row.balance_transaction, row.difference.amount) == (movement.id, -1)
    assert any("less the books is -0.01 EUR" in text for text in texts())


def test_since_asks_for_what_lies_before_the_span(shop: Shop, world: World) -> None:
    (movement,) = shop.gateway.movements()
    assert list(whole(movement.at + timedelta(seconds=1))) == []
    assert list(whole(movement.at)) == []
    with world.sandbox.store.transaction() as tx:
        tx.delete(balance.KIND, movement.id)
    assert [each.kind for each in whole(movement.at)] == ["unknown"]
