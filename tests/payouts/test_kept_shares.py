"""Shares of people who can't be paid yet: kept, claimed when they come, kept again when nothing can be sent."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import queries as ledger
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.errors import NeedsForgeAccount
from bountyhub.payouts.models import Payee, PayeeState, Share, Transfer, WaitReason
from bountyhub.people import operations as people
from bountyhub.people.models import Person
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.forge import ForgePerson
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import (
    BO,
    DARA,
    World,
    account,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    transferred,
)

STRANGER = ForgePerson(777, "stranger")


def deliver(world: World, author: ForgePerson = BO) -> None:
    world.record(merged(world.linked(author=author)))


def say(world: World, who: ForgePerson, *, can_receive: bool) -> None:
    with transaction() as session:
        payouts.record_account(session, account(f"acct_{who.login}", can_receive=can_receive, submitted=True))


def refuse(transfer: Transfer, reason: WaitReason = WaitReason.ACCOUNT) -> None:
    with transaction() as session:
        payouts.begin_transfer(session, transfer.id)
    with transaction() as session:
        payouts.refuse_transfer(session, transfer.id, reason)


def fee_income(world: World) -> int:
    with reading() as session:
        return ledger.balance(session, "income/fee", "EUR")


@pytest.mark.usefixtures("database")
def test_the_fee_of_a_kept_share_is_earned_when_it_becomes_payable() -> None:
    world = World.begin()
    world.pay(5000)
    deliver(world)
    assert (owed_shares(world), fee_income(world)) == ([(5000, "kept")], 0)
    world.connect(BO)
    assert (owed_shares(world), fee_income(world)) == ([(5000, "payable")], 275)
    world.drain("work.")
    assert world.read_task().state == "completed"
    assert_books_are_right()


def test_an_account_that_is_not_finished_claims_nothing(world: World) -> None:
    world.pay()
    deliver(world)
    world.connect(BO, can_receive=False)
    assert owed_shares(world) == [(5000, "kept")]
    assert "are kept for @bo until" in world.step().text
    say(world, BO, can_receive=True)
    assert owed_shares(world) == [(5000, "payable")]


def test_somebody_who_never_signed_in_is_paid_when_they_come(world: World) -> None:
    world.pay()
    deliver(world, author=STRANGER)
    with transaction() as session:
        person = people.sign_in_with_forge(session, STRANGER, "stranger@example.org")
    world.persons["stranger"] = person
    world.connect(STRANGER)
    assert (owed_shares(world), world.send_transfers()) == ([(5000, "payable")], 1)


def test_somebody_who_connected_in_the_second_of_the_release_is_paid_by_the_sweep(world: World) -> None:
    world.connect(BO, can_receive=False)
    world.pay()
    deliver(world)
    with transaction() as session:
        session.get_one(Payee, 1).state = PayeeState.READY
    world.sweep("payouts.sweep_kept")
    world.sweep("payouts.sweep_kept")
    assert (owed_shares(world), len(world.rows(Transfer))) == ([(5000, "payable")], 1)


def test_the_sweep_leaves_shares_alone_whose_payee_is_not_ready(world: World) -> None:
    world.connect(BO, can_receive=False)
    world.pay()
    deliver(world)
    world.sweep("payouts.sweep_kept")
    assert owed_shares(world) == [(5000, "kept")]


def test_the_same_word_about_an_account_five_times_pays_once(world: World) -> None:
    world.pay()
    deliver(world)
    for _ in range(5):
        world.connect(BO)
    assert len(world.rows(Transfer)) == 1
    assert len(world.rows(Payee)) == 1


def test_money_is_only_ever_paid_to_a_forge_account(world: World) -> None:
    with transaction() as session:
        person = people.sign_in_with_mail(session, "mail@example.org")
    with pytest.raises(NeedsForgeAccount), transaction() as session:
        payouts.ask_account(session, session.get_one(Person, person.id))


def test_a_foreign_account_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), transaction() as session:
        payouts.record_account(session, account("acct_nobody"))


@pytest.mark.usefixtures("database")
def test_a_share_that_cannot_be_sent_for_fourteen_days_is_kept_and_paid_later() -> None:
    world = World.begin()
    world.pay(5000)
    world.pay(2500, by=DARA)
    world.connect(BO)
    deliver(world)
    say(world, BO, can_receive=False)
    assert world.send_transfers() == 0
    later(13.9)
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(7500, "payable")]
    later(0.2)
    world.sweep("payouts.sweep_unsendable")
    assert (owed_shares(world), fee_income(world), world.rows(Transfer)) == ([(7500, "kept")], 0, [])
    say(world, BO, can_receive=True)
    assert (world.send_transfers(), owed_shares(world)) == (2, [(7500, "paid")])
    assert_books_are_right()


def test_a_share_claimed_late_gets_its_own_fourteen_days(world: World) -> None:
    world.pay()
    deliver(world)
    later(20)
    world.connect(BO)
    refuse(world.rows(Transfer)[0])
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "payable")]
    later(14.1)
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "kept")]


def test_fresh_money_and_missing_funds_are_not_unsendable(world: World) -> None:
    world.pay()
    world.connect(BO)
    deliver(world)
    refuse(world.rows(Transfer)[0], WaitReason.FUNDS)
    later(15)
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "payable")]


def test_what_is_refused_to_the_end_of_its_life_goes_back(world: World) -> None:
    outside = Outside().use()
    given = world.pay()
    world.connect(BO)
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideRefused("no", "currency_unsupported")] * 1000
    for _ in range(10):
        later(10)
        world.sweep("payouts.sweep_transfers")
        world.drain("payouts.")
        world.sweep("payouts.sweep_unsendable")
        world.sweep("work.sweep_lives")
        world.sweep("payouts.sweep_kept")
    assert (owed_shares(world), world.send_refunds()) == ([(5000, "returned")], 5275)
    assert world.balances(given) == {}
    assert_books_are_right()


def test_what_lapses_of_a_share_sent_in_part_makes_it_smaller_and_paid(world: World) -> None:
    world.pay(5000)
    rest = world.pay(2500, by=DARA)
    world.connect(BO)
    deliver(world)
    first, second = world.rows(Transfer)
    with transaction() as session:
        asked = payouts.begin_transfer(session, first.id)
    assert asked is not None
    with transaction() as session:
        payouts.record_transfer(session, transferred(first.ref, first))
    refuse(second)
    say(world, BO, can_receive=False)
    later(14.1)
    world.sweep("payouts.sweep_unsendable")
    assert "25 € are kept for @bo" in world.step().text
    later(72)
    with transaction() as session:
        work.end_life(session, rest.id)
    assert owed_shares(world) == [(5000, "paid")]
    assert world.send_refunds() == 2650
    assert world.step().text.startswith("Paid 50 € to @bo")
    assert_books_are_right()


def test_a_share_knows_how_often_it_moved(world: World) -> None:
    world.pay()
    deliver(world)
    world.connect(BO)
    world.send_transfers()
    assert world.rows(Share)[0].moves == 3


def test_a_payee_restricted_while_the_money_is_fresh_is_not_forgotten(sqlite: str) -> None:
    Outside().use()
    world = World.begin(FRESH_DAYS=7)
    world.pay()
    world.connect(BO)
    deliver(world)
    world.drain("payouts.")
    say(world, BO, can_receive=False)
    later(7.1)
    world.sweep("payouts.sweep_transfers")
    world.drain("payouts.")
    assert "wait for @bo’s payout account" in world.step().text
    later(14)
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "kept")]
    assert_books_are_right()
