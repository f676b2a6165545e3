"""Windows and objections near the end of money's life: they end before it, or the money waits a few days for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    BO,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    issue,
    later,
    merged,
    owed_shares,
    pull,
)
from tests.work.objecting import end_window, object_to, settle


@pytest.fixture
def outside(world: World) -> Outside:
    """Bo may merge his own pull request and can be paid."""
    world.permissions[BO.id] = Permission.ADMIN
    world.connect(BO)
    outside = Outside().use()
    outside.forge.permissions = world.permissions
    outside.forge.issues[12] = issue(is_open=False)
    return outside


def merged_by_its_author(world: World, after: float) -> Contribution:
    """Cleo's money, and Bo's merge of his own pull request so many days later."""
    given = world.pay()
    later(after)
    world.record(merged(world.linked(), by=BO))
    world.record_issue(issue(is_open=False))
    return given


def refunds(world: World) -> list[str]:
    return [str(r.reason) for r in world.rows(Refund)]


def test_a_window_ends_five_days_before_the_life_of_its_money(world: World, outside: Outside) -> None:
    given = merged_by_its_author(world, after=75)
    assert given.leave_by is not None
    assert world.claim().until == given.leave_by - timedelta(days=5)


def test_a_window_begun_in_the_last_days_lasts_three_and_its_money_waits_for_it(world: World, outside: Outside) -> None:
    merged_by_its_author(world, after=84)
    world.record_issue(issue(is_open=False))
    said = world.step().text
    later(1.1)
    world.sweep("work.sweep_lives")
    assert (world.claim().state, refunds(world), world.step().text) == ("window", [], said)
    later(2)
    world.sweep("work.sweep_lives")
    assert (owed_shares(world), refunds(world)) == ([(5000, "payable")], [])
    assert_books_are_right()


def test_money_that_waits_asks_for_nothing_each_minute(world: World, outside: Outside) -> None:
    merged_by_its_author(world, after=84)
    later(1.1)
    world.drain("work.", "forge.sync")
    world.sweep("work.sweep_lives")
    assert world.jobs("forge.sync_comment") == []


def test_after_an_outage_a_window_that_was_over_ends_before_the_life(world: World, outside: Outside) -> None:
    merged_by_its_author(world, after=70)
    later(16)
    world.sweep("work.sweep_lives")
    assert (owed_shares(world), refunds(world)) == ([(5000, "payable")], [])


def test_after_an_outage_an_objection_that_was_over_is_settled_before_the_life(world: World, outside: Outside) -> None:
    merged_by_its_author(world, after=60)
    object_to(world, EVE)
    later(26)
    world.sweep("work.sweep_lives")
    assert (owed_shares(world), refunds(world)) == ([(5000, "payable")], [])


def test_a_merge_found_when_the_life_ends_gets_its_window(world: World, outside: Outside) -> None:
    world.pay()
    opened = world.linked()
    later(84)
    outside.see(merged(opened, by=BO))
    later(1.5)
    world.sweep("work.sweep_lives")
    assert (world.claim().state, refunds(world)) == ("window", [])
    later(3.1)
    world.sweep("work.sweep_lives")
    assert owed_shares(world) == [(5000, "payable")]


def test_money_waits_four_days_for_a_decision_and_no_longer(world: World, outside: Outside) -> None:
    given = world.pay()
    opened = world.linked()
    later(85.5)
    outside.see(merged(opened, by=BO))
    later(1)
    world.sweep("work.sweep_lives")
    assert given.leave_by is not None
    assert world.step().by == given.leave_by + timedelta(days=4)
    assert "it can’t be held any longer" in world.step().text
    later(2.6)
    world.sweep("work.sweep_lives")
    assert (refunds(world), owed_shares(world)) == (["life_over"], [])


def test_a_part_an_objection_sets_aside_waits_for_its_settlement_too(world: World, outside: Outside) -> None:
    world.pay(500, by=DARA)
    later(1)
    merged_by_its_author(world, after=81)
    later(2.5)
    object_to(world, DARA)
    later(0.6)
    end_window(world)
    world.sweep("work.sweep_lives")
    assert (owed_shares(world), refunds(world)) == ([(5000, "payable")], [])
    later(0.5)
    world.sweep("work.sweep_lives")
    assert refunds(world) == []
    later(2)
    world.sweep("work.sweep_lives")
    assert owed_shares(world) == [(5000, "payable"), (500, "payable")]


def test_old_money_of_somebody_else_does_not_void_a_deciders_block(world: World, outside: Outside) -> None:
    world.pay(500, by=DARA)
    later(80.1)
    world.pay(10000)
    world.record(merged(world.linked(), by=BO))
    world.record_issue(issue(is_open=False))
    object_to(world, EVE)
    world.sweep("work.sweep_objections")
    later(2.9)
    world.sweep("work.sweep_objections")
    assert (world.claim().state, owed_shares(world)) == ("blocked", [])
    settle(world, ANA, accept=False)
    assert (world.claim().state, world.read_task().state) == ("refused", "open")


def test_a_block_that_outlives_its_money_says_that_the_money_goes_back(world: World, outside: Outside) -> None:
    given = merged_by_its_author(world, after=84)
    later(2.9)
    object_to(world, EVE)
    assert given.leave_by is not None
    assert world.step().by == given.leave_by + timedelta(days=4)
    assert "goes back to its backers" in world.step().detail
    later(2.2)
    world.sweep("work.sweep_lives")
    assert refunds(world) == ["life_over"]


def test_money_whose_life_ends_does_not_wait_for_a_late_claim_and_the_sentence_says_so(
    world: World, outside: Outside
) -> None:
    given = world.pay()
    later(80)
    world.record(merged(pull()))
    assert (world.claim().state, world.step().by) == ("late", given.leave_by)
    assert "it goes back" in world.step().detail
    later(5.1)
    world.sweep("work.sweep_lives")
    assert (refunds(world), world.step().by) == (["life_over"], world.claim().until)


def test_a_late_claim_confirmed_in_the_last_days_keeps_its_money(world: World, outside: Outside) -> None:
    world.pay()
    later(80)
    world.record(merged(pull()))
    later(4.5)
    with transaction() as session:
        work.confirm_claim(session, world.claim().id, world.actor(EVE), world.permission(EVE))
    until = world.claim().until
    assert until is not None and until > clock.now() + timedelta(days=2.9)
    later(3.1)
    world.sweep("work.sweep_lives")
    assert owed_shares(world) == [(5000, "payable")]
