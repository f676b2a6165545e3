"""The processing cost kept at a late withdrawal: named before paying, kept then and never otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from bountyhub import settings
from bountyhub.funding.errors import CantWithdraw
from bountyhub.funding.models import Contribution, RefundReason
from bountyhub.funding.operations.refunds import ask_refund
from bountyhub.funding.rules import Way
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.operations import CLOCK
from bountyhub.work import operations as work
from tests.builders.at_once import at_once
from tests.builders.keeping import COST, KEEP, income, refunds, renewed, take_back
from tests.builders.settings import play_settings
from tests.builders.world import ANA, CLEO, World, assert_books_are_right, later, merged

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def keeping(world: World) -> None:
    settings.use(play_settings(**KEEP))


def test_it_is_fixed_with_the_contribution_and_off_by_default(world: World) -> None:
    settings.use(play_settings())
    before = world.pay(5000)
    settings.use(play_settings(**KEEP))
    after = world.pay(5000)
    settings.use(play_settings(**KEEP, COST_PERCENT=Decimal(1)))
    assert (world.contribution(before.id).kept_cost, world.contribution(after.id).kept_cost) == (0, COST)
    later(20)
    for each in (before, after):
        take_back(world, each)
    assert refunds(world) == [("withdrawn", 5275, 0), ("withdrawn", 5275 - COST, COST)]


def test_switched_off_later_what_was_agreed_stays_agreed(world: World) -> None:
    contribution = world.pay(5000)
    settings.use(play_settings())
    later(20)
    take_back(world, contribution)
    assert refunds(world) == [("withdrawn", 5275 - COST, COST)]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("after", "kept"), [(14 * DAY - timedelta(minutes=1), 0), (14 * DAY, COST), (30 * DAY, COST)])
def test_until_the_fourteenth_day_is_over_all_of_it_goes_back(after: timedelta, kept: int) -> None:
    world = World.begin(**KEEP)
    contribution = world.pay(5000)
    assert contribution.captured_at is not None
    clock.set_offset(clock.offset() + (contribution.captured_at + after - clock.now()))
    assert take_back(world, contribution) is Way.AT_ONCE
    assert (refunds(world), income()) == ([("withdrawn", 5275 - kept, kept)], kept)
    assert world.send_refunds() == 5275 - kept
    assert (world.contribution(contribution.id).state, world.balances(contribution)) == ("closed", {})
    assert_books_are_right()


def test_a_business_waived_the_days_and_keeps_its_cost_from_the_beginning(world: World) -> None:
    contribution = world.pay(5000)
    with transaction() as session:
        session.get_one(Contribution, contribution.id).business = True
    take_back(world, contribution)
    assert refunds(world) == [("withdrawn", 5275 - COST, COST)]


def test_a_second_press_keeps_nothing_more(world: World) -> None:
    contribution = world.pay(5000)
    later(20)
    assert [take_back(world, contribution) for _ in range(2)] == [Way.AT_ONCE, Way.NOTHING_LEFT]
    assert (len(refunds(world)), income()) == (1, COST)


def test_two_presses_at_once_keep_it_once(postgresql: str) -> None:
    world = World.begin(**KEEP)
    contribution = world.pay(5000)
    later(20)
    actor = world.actor(CLEO)
    at_once(*[lambda session: work.withdraw(session, contribution.id, actor)] * 2)
    assert (len(refunds(world)), income()) == (1, COST)


def test_never_more_is_kept_than_was_read_beside_the_button(world: World) -> None:
    contribution = world.pay(5000)
    later(20)
    with pytest.raises(CantWithdraw, match="have ended since you looked"):
        take_back(world, contribution, shown=0)
    assert (refunds(world), income()) == ([], 0)
    assert take_back(world, contribution, shown=COST) is Way.AT_ONCE
    assert take_back(world, contribution, shown=0) is Way.NOTHING_LEFT


def test_a_notice_keeps_it_when_it_ends(world: World) -> None:
    contribution = world.pay(5000)
    later(20)
    world.linked()
    with pytest.raises(CantWithdraw):
        take_back(world, contribution, shown=0)
    assert take_back(world, contribution, shown=COST) is Way.NOTICE
    assert (take_back(world, contribution, shown=0), income()) == (Way.NOTICE, 0)
    later(8)
    with transaction() as session:
        work.end_notice(session, contribution.id)
    assert (refunds(world), income()) == ([("notice", 5275 - COST, COST)], COST)
    assert_books_are_right()


def test_a_notice_that_ended_before_a_merge_was_recorded_keeps_it_too(world: World) -> None:
    contribution = world.pay(5000)
    later(20)
    opened = world.linked()
    take_back(world, contribution)
    later(8)
    world.record(merged(opened))
    assert refunds(world) == [("notice", 5275 - COST, COST)]
    assert_books_are_right()


def over(world: World, contribution: Contribution) -> None:
    later(90)
    with transaction() as session:
        work.end_life(session, contribution.id)


def cancelled(world: World, contribution: Contribution) -> None:
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "No more.")


def unpayable(world: World, contribution: Contribution) -> None:
    world.record(merged(world.linked()))
    over(world, contribution)


def decided(reason: RefundReason) -> Callable[[World, Contribution], None]:
    def ask(world: World, contribution: Contribution) -> None:
        with transaction() as session:
            ask_refund(session, session.get_one(Contribution, contribution.id), reason, CLOCK)

    return ask


@pytest.mark.parametrize("ending", [
    over, cancelled, unpayable, renewed, decided(RefundReason.OBJECTION), decided(RefundReason.DISPUTE_WON),
])  # fmt: skip
def test_in_every_other_return_all_of_it_goes_back(world: World, ending: Callable[[World, Contribution], None]) -> None:
    contribution = world.pay(5000)
    later(20)
    ending(world, contribution)
    assert [(total, kept) for _, total, kept in refunds(world)] == [(5275, 0)]
    assert income() == 0
    assert_books_are_right()
