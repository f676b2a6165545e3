"""The end of money's life: escrow, a kept share, a window; a merge before it wins."""

from __future__ import annotations

import pytest

from bountyhub.events.sweeps import SomeFailed
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.contexts.progress import progress
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.payments import RefundStatus
from bountyhub.work import listing
from bountyhub.work import operations as work
from bountyhub.work.queries import claim_status
from tests.builders.outside import Outside
from tests.builders.world import (
    BO,
    DARA,
    World,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    refunded,
)


def end_life(contribution: Contribution) -> None:
    with transaction() as session:
        work.end_life(session, contribution.id)


def refunds(world: World) -> list[tuple[str, int]]:
    return [(str(r.reason), r.total) for r in world.rows(Refund)]


@pytest.mark.usefixtures("database")
def test_held_money_goes_back_whole_at_the_end_of_its_life() -> None:
    world = World.begin()
    first, second = world.pay(5000), world.pay(1001, by=DARA)
    end_life(first)
    assert refunds(world) == []
    later(85.1)
    end_life(first)
    end_life(second)
    assert refunds(world) == [("life_over", 5275), ("life_over", 1076)]
    assert world.send_refunds() == 6351
    assert (world.read_task().state, world.step().text[:6]) == ("open", "Nobody")
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_a_kept_share_lapses_with_its_fee_and_the_task_is_completed() -> None:
    world = World.begin()
    given = world.pay(5000)
    world.record(merged(world.linked()))
    later(86)
    end_life(given)
    assert (owed_shares(world), world.read_task().state) == ([(5000, "returned")], "completed")
    assert world.send_refunds() == 5275
    assert world.balances(given) == {}
    assert world.step().text == "50 € kept for @bo went back to the backers."
    with reading() as session:
        assert claim_status(session, world.claim().id).title == "50 € of #12 went back: @bo could not be paid in time"
        steps = progress(listing.load(session, [world.task_id])[0], [])
    assert (steps[-1].label, steps[-1].status) == ("Not paid", "done")
    assert_books_are_right()


def test_a_kept_share_lapses_contribution_by_contribution(world: World) -> None:
    first = world.pay(5000)
    later(10)
    world.pay(2500, by=DARA)
    world.record(merged(world.linked()))
    assert "75 € are kept for @bo" in world.step().text
    later(76)
    end_life(first)
    assert world.read_task().state == "merged"
    assert "25 € are kept for @bo" in world.step().text
    world.connect(BO)
    world.send_transfers()
    world.drain("work.")
    assert world.step().text.startswith("Paid 25 € to @bo")
    assert world.send_refunds() == 5275
    assert_books_are_right()


def test_a_share_that_lapsed_in_part_is_paid_as_what_is_left_of_it(world: World) -> None:
    first = world.pay(5000)
    later(10)
    world.pay(2500, by=DARA)
    world.record(merged(world.linked()))
    later(76)
    end_life(first)
    assert owed_shares(world) == [(2500, "kept")]


def test_a_lapsed_share_is_not_paid_to_somebody_who_comes_too_late(world: World) -> None:
    given = world.pay()
    world.record(merged(world.linked()))
    later(86)
    end_life(given)
    world.connect(BO)
    assert (owed_shares(world), world.send_transfers()) == ([(5000, "returned")], 0)


def test_a_merge_nobody_told_us_of_is_found_before_a_life_ends(world: World) -> None:
    outside = Outside().use()
    world.pay()
    opened = world.linked()
    later(84)
    outside.see(merged(opened))
    outside.forge.permissions = world.permissions
    later(2)
    world.sweep("work.sweep_lives")
    assert (refunds(world), world.claim().state) == ([("kept_lapsed", 5275)], "released")


def test_money_of_a_payable_developer_survives_a_merge_on_the_last_day(world: World) -> None:
    outside = Outside().use()
    world.pay()
    world.connect(BO)
    opened = world.linked()
    later(84)
    outside.see(merged(opened))
    outside.forge.permissions = world.permissions
    later(2)
    world.sweep("work.sweep_lives")
    assert (refunds(world), owed_shares(world)) == ([], [(5000, "payable")])


def test_while_the_forge_cannot_be_asked_the_money_of_linked_tasks_waits_and_others_go_back(world: World) -> None:
    outside = Outside().use()
    world.pay()
    world.linked()
    main, world.task_id = world.task_id, world.task(13)
    other = world.pay(by=DARA)
    later(86)
    outside.forge.fail["read_pull_request"] = [OutsideUnavailable("down")]
    with pytest.raises(SomeFailed):
        world.sweep("work.sweep_lives")
    assert [r.contribution_id for r in world.rows(Refund)] == [other.id]
    assert world.read_task(main).state == "open"


def test_money_that_lies_unclaimed_is_not_swept_again_and_again(world: World) -> None:
    given = world.pay()
    later(86)
    world.sweep("work.sweep_lives")
    with transaction() as session:
        funding.record_refund(session, refunded(world.rows(Refund)[0], RefundStatus.FAILED, debited=False))
    before = len(world.jobs("forge.sync_comment")) + len(world.rows(Refund))
    world.drain("forge.sync_comment")
    world.sweep("work.sweep_lives")
    assert world.balances(given) == {"unclaimed_refund": 5275}
    assert (before, world.jobs("forge.sync_comment"), len(world.rows(Refund))) == (2, [], 1)


def test_a_forge_that_refuses_to_be_asked_holds_money_up_for_four_days_only(world: World) -> None:
    outside = Outside().use()
    world.pay()
    world.linked()
    outside.forge.fail["read_pull_request"] = [OutsideRefused("403 Repository access blocked", "403")] * 2
    later(88.9)
    with pytest.raises(SomeFailed):
        world.sweep("work.sweep_lives")
    assert refunds(world) == []
    later(0.2)
    world.sweep("work.sweep_lives")
    assert refunds(world) == [("life_over", 5275)]
