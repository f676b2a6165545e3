"""Accounts that were opened while nobody listened: found by their reference, never opened twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Payee
from bountyhub.people.models import Person
from tests.builders.outside import Outside
from tests.builders.world import World

SWEEP = "payouts.sweep_lost_accounts"


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


@pytest.fixture
def world(database: str) -> World:
    return World.begin()


def ask(world: World, ago: timedelta) -> Payee:
    """Bo pressed the button so long ago, and nothing of it was written down."""
    with transaction() as session:
        payee = payouts.ask_account(session, session.get_one(Person, world.persons["bo"].id))
        payee.called_at = clock.real_now() - ago
        return payee


def test_one_that_was_opened_is_written_down(world: World, outside: Outside) -> None:
    payee = ask(world, timedelta(minutes=6))
    outside.gateway.create_account(payee.ref, "bo@example.org", payee.ref)
    world.sweep(SWEEP)
    world.sweep(SWEEP)
    (found,) = world.rows(Payee)
    assert (found.account, found.ref) == (f"acct_{payee.ref}", payee.ref)
    assert outside.gateway.keys("create_account") == [payee.ref]
    assert outside.gateway.keys("find_account") == [payee.ref]


def test_who_has_just_pressed_is_left_alone(world: World, outside: Outside) -> None:
    ask(world, timedelta(minutes=1))
    world.sweep(SWEEP)
    assert outside.gateway.keys("find_account") == []


def test_one_that_is_not_there_yet_is_looked_for_again(world: World, outside: Outside) -> None:
    payee = ask(world, timedelta(hours=2))
    world.sweep(SWEEP)
    (left,) = world.rows(Payee)
    assert (left.ref, left.called_at is None) == (payee.ref, False)


def test_after_the_key_s_day_it_was_never_opened(world: World, outside: Outside) -> None:
    payee = ask(world, timedelta(hours=25))
    world.sweep(SWEEP)
    (left,) = world.rows(Payee)
    assert (left.called_at, left.account, left.ref == payee.ref) == (None, None, False)
    assert "payout_account_not_opened" in world.actions("payee")
    world.sweep(SWEEP)
    assert outside.gateway.keys("find_account") == [payee.ref]


def test_one_that_was_written_down_meanwhile_stays(world: World, outside: Outside) -> None:
    payee = ask(world, timedelta(hours=25))
    account = outside.gateway.create_account(payee.ref, "bo@example.org", payee.ref)
    with transaction() as session:
        payouts.record_account(session, account, payee.ref)
        payouts.give_up_account(session, payee.id, payee.ref)
    assert world.rows(Payee)[0].account == account.id
