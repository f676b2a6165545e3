"""Cancelling a task: at once, or announced for fourteen days; and taking that back."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Refund
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson
from bountyhub.tasks.errors import TaskRefuses, TaskTakesNoMoney
from bountyhub.work import operations as work
from bountyhub.work.errors import NotADecider, ReasonMissing
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    BO,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    closed,
    issue,
    later,
    merged,
    owed_shares,
    pull,
)


def cancel(world: World, by: ForgePerson = ANA, reason: str = "We go another way.") -> None:
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(by), world.permission(by), reason)


def uncancel(world: World, by: ForgePerson = ANA) -> None:
    with transaction() as session:
        work.uncancel_task(session, world.task_id, world.actor(by), world.permission(by))


def end_due(world: World) -> None:
    with transaction() as session:
        work.end_due(session, world.task_id)


def standing(world: World) -> tuple[str, str | None]:
    task = world.read_task()
    return str(task.state), str(task.ends_reason) if task.ends_at else None


@pytest.mark.usefixtures("database")
def test_a_cancelled_task_without_a_ready_pull_request_gives_everybody_everything_back_at_once() -> None:
    world = World.begin()
    world.pay(5000)
    world.pay(2500, by=DARA)
    world.linked(draft=True)
    cancel(world)
    assert (standing(world), world.claim().state) == (("cancelled", None), "unlinked")
    assert world.send_refunds() == 5275 + 2650
    assert "We go another way." in world.step().detail
    assert_books_are_right()


def test_a_cancelled_task_keeps_saying_why(world: World) -> None:
    cancel(world)
    assert world.step().detail.startswith("A maintainer cancelled this task.")


@pytest.mark.usefixtures("database")
def test_with_a_ready_pull_request_a_cancel_is_a_notice_of_fourteen_days() -> None:
    world = World.begin()
    world.pay(5000)
    world.linked()
    cancel(world)
    assert standing(world) == ("open", "cancelled")
    with pytest.raises(TaskTakesNoMoney):
        world.order()
    later(13.9)
    end_due(world)
    assert world.rows(Refund) == []
    later(0.2)
    end_due(world)
    assert (standing(world), world.send_refunds()) == (("cancelled", None), 5275)
    assert_books_are_right()


def test_a_merge_inside_the_notice_is_paid(world: World) -> None:
    world.pay()
    opened = world.linked()
    cancel(world)
    later(13)
    world.record(merged(opened))
    later(2)
    end_due(world)
    assert (world.read_task().state, owed_shares(world)) == ("merged", [(5000, "kept")])


def test_a_merge_nobody_told_us_of_is_found_before_a_task_ends(world: World) -> None:
    outside = Outside().use()
    world.pay()
    opened = world.linked()
    cancel(world)
    later(13)
    outside.see(merged(opened))
    outside.forge.permissions = world.permissions
    later(2)
    world.sweep("work.sweep_ends")
    assert owed_shares(world) == [(5000, "kept")]


def test_a_late_claim_makes_a_cancel_wait_too_and_outlives_its_date(world: World) -> None:
    world.pay()
    later(1)
    world.record(merged(pull()))
    cancel(world)
    assert standing(world) == ("open", "cancelled")
    later(13.5)
    with transaction() as session:
        work.confirm_claim(session, world.claim().id, world.actor(EVE), world.permission(EVE))
    later(1)
    end_due(world)
    assert world.read_task().state == "merged"


def test_a_cancel_can_be_taken_back(world: World) -> None:
    world.linked()
    cancel(world)
    uncancel(world, by=EVE)
    assert standing(world) == ("open", None)
    world.pay()


def test_only_deciders_and_the_operator_cancel_and_only_with_a_reason(world: World) -> None:
    with pytest.raises(NotADecider):
        cancel(world, by=BO)
    with pytest.raises(ReasonMissing):
        cancel(world, reason="  ")
    world.linked()
    cancel(world)
    with pytest.raises(NotADecider):
        uncancel(world, by=BO)


def test_what_is_over_can_neither_be_cancelled_nor_taken_back(world: World) -> None:
    cancel(world)
    with pytest.raises(TaskRefuses):
        cancel(world)
    with pytest.raises(TaskRefuses):
        uncancel(world)


def test_a_cancel_that_was_not_announced_cannot_be_taken_back(world: World) -> None:
    world.record_issue(issue(is_open=False))
    with pytest.raises(TaskRefuses):
        uncancel(world)


def test_a_pull_request_closed_in_the_notice_does_not_end_the_task_earlier(world: World) -> None:
    world.pay()
    opened = world.linked()
    cancel(world)
    world.record(closed(opened))
    end_due(world)
    assert standing(world) == ("open", "cancelled")
    cancel(world)
    assert standing(world) == ("cancelled", None)
