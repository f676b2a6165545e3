"""Taking money back: at once, by a notice, not at all; and what a merge does to a notice."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.funding.errors import CantWithdraw
from bountyhub.funding.models import Contribution, Refund
from bountyhub.funding.rules import Way
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.work import operations as work
from bountyhub.work.listing import Wanted, count_tasks
from bountyhub.work.queries import claim_status, task_status
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    BO,
    BOT,
    CLEO,
    DARA,
    World,
    assert_books_are_right,
    closed,
    later,
    merged,
    owed_shares,
    pull,
)


def take_back(world: World, contribution: Contribution) -> Way:
    with transaction() as session:
        return work.withdraw(session, contribution.id, world.actor(CLEO))


def end_notice(contribution: Contribution) -> None:
    with transaction() as session:
        work.end_notice(session, contribution.id)


def reasons(world: World) -> list[tuple[str, int, str]]:
    return [(str(r.reason), r.total, str(r.state)) for r in world.rows(Refund)]


@pytest.mark.usefixtures("database")
def test_young_money_goes_back_at_once_with_its_fee_even_beside_a_ready_pull_request() -> None:
    world = World.begin()
    given = world.pay(5000)
    world.linked()
    assert take_back(world, given) is Way.AT_ONCE
    assert world.balances(given) == {"refund_pending": 5275}
    assert world.send_refunds() == 5275
    assert world.contribution(given.id).state == "closed"
    assert world.balances(given) == {}
    assert_books_are_right()


def test_a_second_click_finds_nothing_left(world: World) -> None:
    given = world.pay()
    assert [take_back(world, given), take_back(world, given)] == [Way.AT_ONCE, Way.NOTHING_LEFT]
    assert reasons(world) == [("withdrawn", 5275, "asked")]


def test_old_money_goes_back_at_once_while_nothing_is_ready(world: World) -> None:
    given = world.pay()
    later(20)
    assert take_back(world, given) is Way.AT_ONCE


@pytest.mark.parametrize("waiting", [{"draft": True}, {"base": "next", "base_is_default": False}])
def test_a_draft_or_a_pull_request_into_another_branch_holds_no_money_back(
    world: World, waiting: dict[str, Any]
) -> None:
    given = world.pay()
    later(20)
    world.linked(**waiting)
    assert take_back(world, given) is Way.AT_ONCE


def test_a_bots_pull_request_holds_no_money_back_and_no_cancelling_up(world: World) -> None:
    given = world.pay()
    later(20)
    world.linked(author=BOT)
    with reading() as session:
        assert count_tasks(session, Wanted(unclaimed=True)) == 1
    assert take_back(world, given) is Way.AT_ONCE
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "No.")
    assert world.read_task().state == "cancelled"


@pytest.mark.usefixtures("database")
def test_old_money_beside_a_ready_pull_request_needs_a_notice_of_seven_days() -> None:
    world = World.begin()
    given = world.pay()
    later(15)
    world.linked()
    assert take_back(world, given) is Way.NOTICE
    end_notice(given)
    assert world.balances(given) == {"escrow": 5000, "fee_held": 275}
    later(7.1)
    end_notice(given)
    assert reasons(world) == [("notice", 5275, "asked")]
    assert_books_are_right()


def test_a_second_notice_does_not_begin_the_days_again(world: World) -> None:
    given = world.pay()
    later(15)
    world.linked()
    take_back(world, given)
    first = world.contribution(given.id).notice_until
    later(3)
    assert take_back(world, given) is Way.NOTICE
    assert world.contribution(given.id).notice_until == first
    assert len(world.jobs("notify.notice_given")) == 1


def test_a_merge_inside_a_notice_pays_as_if_none_were_given(world: World) -> None:
    given = world.pay()
    world.connect(BO)
    later(15)
    opened = world.linked()
    take_back(world, given)
    later(6)
    world.record(merged(opened))
    later(2)
    end_notice(given)
    assert owed_shares(world) == [(5000, "payable")]
    assert reasons(world) == []


def test_a_notice_that_ended_while_its_merge_was_not_heard_of_loses_too(world: World) -> None:
    outside = Outside().use()
    given = world.pay()
    later(15)
    opened = world.linked()
    take_back(world, given)
    later(6)
    outside.see(merged(opened))
    outside.forge.permissions = world.permissions
    later(2)
    world.sweep("work.sweep_notices")
    assert owed_shares(world) == [(5000, "kept")]
    assert reasons(world) == []


def test_a_merge_after_a_notices_end_that_is_heard_of_before_the_sweep_does_not_win(world: World) -> None:
    outside = Outside().use()
    outside.forge.permissions = world.permissions
    given = world.pay()
    later(15)
    opened = world.linked()
    take_back(world, given)
    world.pay(2000, by=DARA)
    later(7.5)
    outside.see(merged(opened))
    later(0.5)
    world.sweep("work.sweep_notices")
    assert reasons(world) == [("notice", 5275, "asked")]
    assert owed_shares(world) == [(2000, "kept")]
    assert world.claim().held_at_merge == 2000
    assert_books_are_right()


def test_a_notice_can_be_taken_back(world: World) -> None:
    given = world.pay()
    later(15)
    world.linked()
    take_back(world, given)
    with transaction() as session:
        work.stay(session, given.id, world.actor(CLEO))
    later(8)
    end_notice(given)
    assert world.balances(given) == {"escrow": 5000, "fee_held": 275}


def test_a_notice_becomes_a_withdrawal_when_the_pull_request_is_closed(world: World) -> None:
    given = world.pay()
    later(15)
    opened = world.linked()
    take_back(world, given)
    world.record(closed(opened))
    assert take_back(world, given) is Way.AT_ONCE
    assert world.contribution(given.id).notice_until is None


def test_the_merge_box_and_the_comment_name_the_money_that_can_leave(world: World) -> None:
    given = world.pay()
    world.linked()
    with reading() as session:
        assert "50 € were paid less than 14 days ago" in claim_status(session, world.claim().id).summary
        assert str(task_status(session, world.task_id).takeable) == "50.00 EUR"
    later(15)
    take_back(world, given)
    with reading() as session:
        status = claim_status(session, world.claim().id)
        assert task_status(session, world.task_id).takeable.amount == 0
    assert "Notice of withdrawal was given: 50 € for" in status.summary


def test_a_late_claim_that_waits_asks_for_a_notice_too(world: World) -> None:
    given = world.pay()
    later(15)
    world.record(merged(pull()))
    assert take_back(world, given) is Way.NOTICE


def test_young_money_can_leave_inside_a_window(world: World) -> None:
    given = world.pay()
    world.permissions[BO.id] = world.permissions[101]
    world.record(merged(world.linked(), by=BO))
    assert take_back(world, given) is Way.AT_ONCE
    later(8)
    with transaction() as session:
        work.end_window(session, world.claim().id)
    assert (owed_shares(world), world.read_task().state) == ([], "completed")
    assert "gone back" in world.step().text


def test_old_money_stays_in_a_window_and_its_backer_is_told_to_object(world: World) -> None:
    given = world.pay()
    later(15)
    world.permissions[BO.id] = world.permissions[101]
    world.record(merged(world.linked(), by=BO))
    with pytest.raises(CantWithdraw) as refused:
        take_back(world, given)
    assert "object" in refused.value.advice


def test_released_money_does_not_come_back(world: World) -> None:
    given = world.pay()
    world.connect(BO)
    world.record(merged(world.linked()))
    assert take_back(world, given) is Way.NOTHING_LEFT


def test_unpaid_money_has_nothing_to_take_back(world: World) -> None:
    world.order()
    assert take_back(world, world.rows(Contribution)[0]) is Way.NOTHING_LEFT


def test_a_contribution_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), transaction() as session:
        work.withdraw(session, 999, world.actor(CLEO))
