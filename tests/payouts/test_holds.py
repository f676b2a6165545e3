"""A new or changed payout account: nothing is sent for two days, and the address its owner had before is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Payee, Stop, Transfer
from bountyhub.payouts.operations.holds import say_not_me
from bountyhub.payouts.rules import AccountChange, account_change
from bountyhub.people import operations as people
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import LinkPurpose, LoginSession, Person
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.world import BO, DARA, World, account, assert_books_are_right, later, merged, owed_shares


@pytest.mark.parametrize(
    ("known", "found", "was_ready", "ready", "change"),
    [
        ("", "", False, False, None),
        ("", "a", False, False, None),
        ("", "a", False, True, AccountChange.ACCOUNT),
        ("a", "b", False, False, None),  # still filling in the form
        ("", "a", True, True, None),  # known since before this was kept
        ("a", "a", True, True, None),
        ("a", "", True, False, None),
        ("a", "b", True, True, AccountChange.BANK),
        ("a", "b", True, False, AccountChange.BANK),
    ],
)
def test_what_counts_as_a_change(
    known: str, found: str, was_ready: bool, ready: bool, change: AccountChange | None
) -> None:
    assert account_change(known=known, found=found, was_ready=was_ready, ready=ready) is change


def begin(**more: int) -> World:
    Outside().use()
    return World.begin(PAYOUT_HOLD_HOURS=48, **more)


def say(bank: str, *, can_receive: bool = True, times: int = 1) -> None:
    for _ in range(times):
        with transaction() as session:
            said = account("acct_bo", can_receive=can_receive, submitted=True)
            payouts.record_account(session, replace(said, bank=bank))


def mails(world: World) -> list[OutgoingMail]:
    world.drain("notify.")
    return [mail for mail in world.rows(OutgoingMail) if mail.key.startswith("payout-changed:")]


def deliver(world: World, number: int = 40) -> None:
    world.record(merged(world.linked(number)))


def waits(world: World) -> list[str | None]:
    return [transfer.wait_reason for transfer in world.rows(Transfer)]


@pytest.mark.usefixtures("database")
def test_a_first_account_waits_two_days_and_then_is_paid_by_itself() -> None:
    world = begin()
    world.connect(BO)
    world.pay(5000)
    deliver(world)
    world.drain("payouts.")
    assert waits(world) == ["hold"]
    assert "50 € leave for @bo on" in world.step().text
    assert "new, or its bank account was changed" in world.step().detail
    later(1.9)
    world.sweep("payouts.sweep_transfers")
    world.drain("payouts.")
    assert owed_shares(world) == [(5000, "payable")]
    later(0.2)
    world.sweep("payouts.sweep_transfers")
    world.drain("payouts.")
    assert owed_shares(world) == [(5000, "paid")]
    assert_books_are_right()


def test_nothing_waits_where_the_site_knows_no_such_days(world: World) -> None:
    Outside().use()
    world.connect(BO)
    world.pay(5000)
    deliver(world)
    world.drain("payouts.")
    assert owed_shares(world) == [(5000, "paid")]
    assert ["as soon as it is due" in mail.text for mail in mails(world)] == [True]


def test_another_bank_account_is_held_and_told_once_however_often_it_is_said(sqlite: str) -> None:
    world = begin()
    world.connect(BO)
    say("old")
    later(3)
    say("old", times=3)
    assert len(mails(world)) == 1
    say("new", times=3)
    first, second = mails(world)
    assert (first.to, second.to) == ("bo@example.org", "bo@example.org")
    assert "bank account behind your payout account" in second.text
    payee = world.rows(Payee)[0]
    assert payee.holds_until == clock.now() + timedelta(hours=48) or payee.holds_until > clock.now()
    assert "new" not in payee.bank_digest and len(payee.bank_digest) == 64
    world.pay(5000)
    deliver(world)
    assert world.send_transfers() == 0
    later(2.1)
    assert world.send_transfers() == 1


def test_a_bank_account_that_goes_and_another_that_comes_is_a_change(sqlite: str) -> None:
    world = begin()
    world.connect(BO)
    say("old")
    later(3)
    say("", can_receive=False)
    assert len(mails(world)) == 1
    say("new")
    assert len(mails(world)) == 2


def test_an_account_that_takes_a_gone_ones_place_waits_even_with_the_same_bank(sqlite: str) -> None:
    world = begin()
    world.connect(BO)
    say("same")
    later(3)
    with transaction() as session:
        payouts.record_account_gone(session, "acct_bo")
    world.connect(BO)
    say("same")
    assert len(mails(world)) == 2
    assert world.rows(Payee)[0].holds_until > clock.now()


def change_address(world: World, address: str) -> None:
    with transaction() as session:
        person = session.get_one(Person, world.persons["bo"].id)
        secret = people.make_link(session, LinkPurpose.ADDRESS, address, person_id=person.id)
        people.take_address(session, person, secret)


def test_the_address_before_a_change_of_the_last_week_is_told(sqlite: str) -> None:
    world = begin()
    world.connect(BO)
    say("old")
    change_address(world, "thief@example.net")
    later(1)
    change_address(world, "thief2@example.net")
    say("new")
    assert [mail.to for mail in mails(world)][-1] == "bo@example.org"
    later(7.1)
    world.sweep("payouts.forget_old_addresses")
    with transaction() as session:
        assert session.get_one(Person, world.persons["bo"].id).email_before is None
    say("newest")
    assert [mail.to for mail in mails(world)][-1] == "thief2@example.net"


def warned(world: World) -> str:
    """The secret of the newest warning's link."""
    found = re.search(r"/not-me/(\S+)", mails(world)[-1].text)
    assert found is not None
    return found[1]


def test_it_was_not_me_stops_the_money_and_signs_out_everywhere(sqlite: str) -> None:
    world = begin()
    world.connect(BO)
    with transaction() as session:
        people.open_session(session, session.get_one(Person, world.persons["bo"].id))
    secret = warned(world)
    for _ in range(2):
        with transaction() as session:
            say_not_me(session, secret)
    [stop] = world.rows(Stop)
    assert (stop.scope, stop.target, stop.made_by) == ("person", str(world.persons["bo"].id), None)
    assert all(row.revoked_at for row in world.rows(LoginSession))
    world.pay(5000)
    deliver(world)
    later(3)
    world.send_transfers()
    assert waits(world) == ["stopped"]


def test_a_made_up_link_and_one_of_another_kind_stop_nothing(world: World) -> None:
    with transaction() as session:
        other = people.make_link(session, LinkPurpose.SIGN_IN, "bo@example.org")
    for secret in ("made-up", other):
        with pytest.raises(LinkOver), transaction() as session:
            say_not_me(session, secret)
    assert world.rows(Stop) == []


def test_the_link_pressed_twice_at_once_makes_one_stop(postgresql: str) -> None:
    world = begin()
    world.connect(BO)
    secret = warned(world)
    at_once(*[lambda session: say_not_me(session, secret)] * 2)
    assert len(world.rows(Stop)) == 1


def test_the_same_change_told_twice_at_once_is_one(postgresql: str) -> None:
    world = begin()
    world.connect(BO)
    say("old")
    later(3)
    new = replace(account("acct_bo"), bank="new")
    at_once(*[lambda session: payouts.record_account(session, new)] * 2)
    assert world.actions("payee").count("payout_bank_new") == 1


def test_money_whose_life_ends_in_those_days_is_sent_after_them(sqlite: str) -> None:
    world = begin()
    world.pay(5000)
    deliver(world)
    later(84)
    world.connect(BO)
    for _ in range(5):
        later(0.5)
        world.sweep("payouts.sweep_transfers")
        world.drain("payouts.")
        world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "paid")]


def test_a_wait_that_is_begun_again_and_again_ends_with_the_money_going_back(sqlite: str) -> None:
    world = begin()
    world.pay(5000)
    world.connect(BO)
    deliver(world)
    for step in range(60):
        say(f"bank{step}")
        later(1.5)
        world.sweep("payouts.sweep_transfers")
        world.drain("payouts.")
        world.sweep("payouts.sweep_unsendable")
        world.sweep("work.sweep_lives")
    assert owed_shares(world) == [(5000, "returned")]


def test_a_change_that_no_webhook_told_is_found_before_the_money_leaves(sqlite: str) -> None:
    outside = Outside().use()
    world = begin(FRESH_DAYS=7)
    outside.use()
    world.connect(BO)
    say("old")
    world.pay(5000)
    deliver(world)
    later(6)
    outside.gateway.accounts["acct_bo"] = replace(account("acct_bo"), bank="new")
    world.sweep("payouts.sweep_waiting_accounts")
    later(1.1)
    assert world.send_transfers() == 0
    later(1)
    assert world.send_transfers() == 1


def test_others_are_paid_meanwhile(sqlite: str) -> None:
    world = begin()
    world.connect(DARA)
    later(3)
    world.connect(BO)
    world.pay(5000)
    world.record(merged(world.linked(41, author=DARA)))
    world.drain("payouts.")
    assert owed_shares(world) == [(5000, "paid")]
