"""Promises that can't be charged at once: declined, to be confirmed by their backers, or waiting for own funds."""

from __future__ import annotations

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import NoFloat
from bountyhub.funding.operations import promise_charges
from bountyhub.funding.rules import Way
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.promises import ChargeStatus
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.promising import accept, became, given, now
from tests.builders.world import (
    CLEO,
    World,
    assert_books_are_right,
    later,
    movement,
    owed_shares,
)

JOBS = ("work.charge", "funding.forget_card")


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


def test_a_declined_card_lapses_and_the_developer_hears_of_it(world: World, outside: Outside) -> None:
    row = given(world)
    outside.gateway.charge_ends = ChargeStatus.DECLINED
    accept(world)
    world.drain(*JOBS)
    contribution, _ = became(row)
    assert (now(row).state, now(row).lapse_reason, contribution.state) == ("lapsed", "declined", "failed")
    assert world.read_task().state == "completed"
    world.drain("notify.promise", "mail.send")
    assert {mail.to for mail in outside.mailer.sent if "lapsed" in mail.subject} == {
        "cleo@example.org", "bo@example.org",
    }  # fmt: skip


def test_a_charge_that_cannot_even_be_asked_for_lapses(world: World, outside: Outside) -> None:
    row = given(world)
    outside.gateway.fail["charge_card"] = [OutsideRefused("detached", "resource_missing")]
    accept(world)
    world.drain(*JOBS)
    assert (now(row).state, now(row).lapse_reason) == ("lapsed", "declined")


def test_a_bank_that_wants_the_backer_gets_seven_days(database: str) -> None:
    world, outside = World.begin(), Outside().use()
    row = given(world)
    outside.gateway.charge_ends = ChargeStatus.NEEDS_OWNER
    accept(world)
    world.drain(*JOBS)
    contribution, payment = became(row)
    assert (now(row).state, payment.state, world.read_task().state) == ("needs_backer", "open", "merged")
    later(6)
    world.sweep("work.sweep_charges")
    assert now(row).state == "needs_backer"
    later(2)
    world.sweep("work.sweep_charges")
    assert (now(row).state, now(row).lapse_reason) == ("lapsed", "not_confirmed")
    assert world.contribution(contribution.id).state == "abandoned"
    assert world.read_task().state == "completed"
    assert outside.gateway.keys("cancel_charge") == [payment.payment_intent]
    assert_books_are_right()


def test_a_backer_who_confirms_pays_the_developer(world: World, outside: Outside) -> None:
    row = given(world)
    outside.gateway.charge_ends = ChargeStatus.NEEDS_OWNER
    accept(world)
    world.drain(*JOBS)
    _, payment = became(row)
    outside.gateway.authenticated(payment.ref, row.total)
    world.sweep("work.sweep_charges")
    assert (now(row).state, owed_shares(world)) == ("charged", [(5000, "kept")])


def test_confirmed_in_the_very_last_moment_is_charged(world: World, outside: Outside) -> None:
    row = given(world)
    outside.gateway.charge_ends = ChargeStatus.NEEDS_OWNER
    accept(world)
    world.drain(*JOBS)
    _, payment = became(row)
    outside.gateway.authenticated(payment.ref, row.total)
    later(8)
    world.sweep("work.sweep_charges")
    assert (now(row).state, owed_shares(world)) == ("charged", [(5000, "kept")])


def test_without_own_funds_the_charge_waits_and_says_so(database: str) -> None:
    world = World.begin(own_funds=0)
    Outside().use()
    row = given(world)
    accept(world)
    world.drain(*JOBS)
    assert (now(row).state, now(row).waits_for_float, now(row).contribution_id) == ("charging", True, None)
    with transaction() as session:
        funding.record_top_up(session, movement(50_000))
        for job in world.rows_of_jobs("work.charge_promise"):
            session.merge(job).run_at = clock.real_now()
    world.drain(*JOBS)
    assert (now(row).state, now(row).waits_for_float, owed_shares(world)) == ("charged", False, [(5000, "kept")])


def test_own_funds_that_never_come_let_it_lapse(world: World, outside: Outside) -> None:
    row = given(world)
    accept(world)

    def poor(session: object, total: Money) -> None:
        raise NoFloat(total.currency)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(promise_charges, "require_float", poor)
        later(8)
        world.drain(*JOBS)
    assert (now(row).state, now(row).lapse_reason) == ("lapsed", "no_float")
    assert world.read_task().state == "completed"


def test_a_charged_promise_follows_the_rules_of_every_contribution(world: World, outside: Outside) -> None:
    row = given(world)
    accept(world)
    world.drain(*JOBS)
    contribution, _ = became(row)
    with transaction() as session:
        assert work.withdraw(session, contribution.id, world.actor(CLEO)) is Way.NOTHING_LEFT
    assert world.jobs("funding.send_refund") == []


def test_no_payment_page_is_ever_opened_for_a_saved_card(world: World, outside: Outside) -> None:
    given(world)
    outside.gateway.charge_ends = ChargeStatus.NEEDS_OWNER
    accept(world)
    world.drain(*JOBS)
    world.sweep("funding.sweep_checkouts")
    assert outside.gateway.keys("create_checkout") == []
