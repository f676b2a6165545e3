"""Intents without an outcome: each kind is an alarm once its time is over, and none before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.funding.models import Payment, PaymentState
from bountyhub.integrations.stripe.intents import INTENTS, overdue
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Payee, Share, Transfer
from bountyhub.people.models import Person
from bountyhub.work import operations as work
from tests.builders.world import BO, CLEO, World, account, closing, merged, pull

from bountyhub.funding.models import Refund  # isort: skip


def kinds(hours: float) -> list[str]:
    """What is overdue so long from now."""
    with reading() as session:
        return [found.object for found in overdue(session, clock.real_now() + timedelta(hours=hours))]


@pytest.fixture
def world(sqlite: str) -> World:
    return World.begin()


def test_every_kind_has_a_line() -> None:
    assert {intent.kind for intent in INTENTS} >= {"checkout", "refund", "transfer", "account"}


def test_a_checkout_whose_end_is_unknown(world: World) -> None:
    world.order()
    assert kinds(2) == []
    assert kinds(30) == ["checkout"]
    with transaction() as session:
        session.query(Payment).one().state = PaymentState.EXPIRED
    assert kinds(30) == []


def test_a_payment_whose_bank_has_long_had_time_to_decide(world: World) -> None:
    world.order()
    with transaction() as session:
        session.query(Payment).one().state = PaymentState.AWAITED
    assert kinds(24 * 27) == []
    assert kinds(24 * 29 + 2) == ["payment at a bank"]


def test_a_refund_that_was_called(world: World) -> None:
    given = world.pay()
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    assert kinds(30) == []
    with transaction() as session:
        session.query(Refund).one().called_at = clock.real_now()
    assert (kinds(25), kinds(27)) == ([], ["refund"])


def test_an_account_that_was_called(world: World) -> None:
    with transaction() as session:
        payouts.ask_account(session, session.get_one(Person, world.persons[BO.login].id))
        session.query(Payee).one().called_at = clock.real_now()
    assert (kinds(25), kinds(27)) == ([], ["account"])


def test_a_transfer_that_was_sent(world: World) -> None:
    with transaction() as session:
        payee = payouts.ask_account(session, session.get_one(Person, world.persons[BO.login].id))
        payouts.record_account(session, account("acct_bo"), payee.ref)
    world.pay()
    world.linked(40, BO)
    world.record(merged(pull(40, author=BO, body=closing(12))))
    assert world.rows(Share)
    (transfer,) = world.rows(Transfer)
    clock.set_offset(timedelta(days=30))
    with transaction() as session:
        payouts.begin_transfer(session, transfer.id)
    clock.set_offset(timedelta(0))
    assert (kinds(25), kinds(27)) == ([], ["transfer"])
