"""The main loop through the operations, to the cent, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.work.operations import end_window
from bountyhub.work.queries import claim_status
from tests.builders.world import (
    BO,
    CLEO,
    DARA,
    EVE,
    World,
    approval,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    pull,
)

pytestmark = pytest.mark.usefixtures("database")


def test_an_independent_merge_pays_the_author_everything_held() -> None:
    world = World.begin()
    first, second = world.pay(5000), world.pay(2500, by=DARA, email="dara@example.org")
    world.connect(BO)
    opened = world.linked()
    with reading() as session:
        assert claim_status(session, world.claim().id).title == "Merging this releases 75 € of #12 to @bo"
    world.record(merged(opened))
    assert world.claim().state == "released"
    assert owed_shares(world) == [(7500, "payable")]
    assert world.send_transfers() == 2
    assert owed_shares(world) == [(7500, "paid")]
    assert world.read_task().state == "completed"
    assert [world.contribution(c.id).state for c in (first, second)] == ["closed", "closed"]
    assert world.step().text.startswith("Paid 75 € to @bo on ")
    assert_books_are_right()


def test_the_share_of_somebody_who_never_came_is_kept_and_paid_when_they_connect() -> None:
    world = World.begin()
    world.pay(5000)
    opened = world.linked()
    world.record(merged(opened))
    assert owed_shares(world) == [(5000, "kept")]
    assert world.read_task().state == "merged"
    with reading() as session:
        assert "kept for @bo" in claim_status(session, world.claim().id).title
    world.connect(BO)
    assert world.send_transfers() == 1
    assert owed_shares(world) == [(5000, "paid")]
    assert_books_are_right()


def test_a_merge_recorded_five_times_releases_once() -> None:
    world = World.begin()
    world.pay(5000)
    world.connect(BO)
    done = merged(world.linked())
    for _ in range(5):
        world.record(done)
    assert owed_shares(world) == [(5000, "payable")]


def test_a_merge_by_the_author_waits_seven_days() -> None:
    world = World.begin()
    world.permissions[BO.id] = world.permission(CLEO).ADMIN
    world.pay(5000)
    world.connect(BO)
    world.record(merged(world.linked(), by=BO))
    assert (world.claim().state, world.read_task().state) == ("window", "merged")
    assert "unless somebody entitled objects" in world.step().text
    later(8)
    with transaction() as session:
        end_window(session, world.claim().id)
    assert owed_shares(world) == [(5000, "payable")]


def test_an_approving_review_by_another_maintainer_makes_the_merge_independent() -> None:
    world = World.begin()
    world.permissions[BO.id] = world.permission(CLEO).ADMIN
    world.pay(5000)
    opened = world.linked()
    world.record(merged(opened, by=BO, approvals=(approval(EVE, opened),)))
    assert world.claim().state == "released"


def test_an_approval_of_an_older_head_does_not_count() -> None:
    world = World.begin()
    world.permissions[BO.id] = world.permission(CLEO).ADMIN
    world.pay(5000)
    opened = world.linked()
    stale = replace(approval(EVE, opened), sha="older")
    world.record(merged(opened, by=BO, approvals=(stale,)))
    assert world.claim().state == "window"


def test_a_merge_that_was_not_shown_before_waits_for_a_decider() -> None:
    world = World.begin()
    world.pay(5000)
    world.record(merged(pull()))
    assert (world.claim().state, world.read_task().state) == ("late", "open")
    assert "has to confirm" in world.step().text


def test_a_task_with_nothing_held_completes_without_money() -> None:
    world = World.begin()
    world.record(merged(world.linked()))
    assert world.read_task().state == "completed"
    assert owed_shares(world) == []
    assert world.step().text == "Merged and completed without money."
