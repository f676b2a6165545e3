"""What follows a commit: check runs that say the sum of the moment, sweeps that find what came due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.funding.models import Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.errors import OutsideGone, OutsideUnavailable
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from bountyhub.work.pulls import read_and_record
from bountyhub.work.queries import task_status, watched_issues, watched_pulls
from tests.builders.outside import Outside
from tests.builders.world import BO, CLEO, DARA, REPOSITORY, World, commit_by, later, merged, owed_shares, pull


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


def shown(world: World, outside: Outside) -> str:
    """The newest line in the merge box, once everything asked for was done."""
    world.drain("work.", "forge.sync_check")
    return outside.forge.keys("put_check_run")[-1]


def test_the_merge_box_follows_the_money_and_the_payee(world: World, outside: Outside) -> None:
    world.record(pull())
    assert shown(world, outside) == "Nothing is held for #12 yet"
    given = world.pay(5000)
    assert shown(world, outside).startswith("Merging this keeps 50 € of #12 for @bo until")
    world.connect(BO)
    assert shown(world, outside) == "Merging this releases 50 € of #12 to @bo"
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    assert shown(world, outside) == "Nothing is held for #12 yet"


def test_the_merge_box_does_not_promise_at_once_what_waits_for_a_window(world: World, outside: Outside) -> None:
    world.pay(5000)
    world.connect(BO)
    world.record(pull(commits=(commit_by(BO), commit_by(DARA))))
    said = "Merging this begins up to 7 days for objections; then 50 € of #12 go to @bo"
    assert shown(world, outside) == said


def test_a_link_counts_from_the_moment_the_forge_took_the_check_run(world: World, outside: Outside) -> None:
    world.record(pull())
    outside.forge.fail["put_check_run"] = [OutsideUnavailable("down")]
    world.drain("forge.sync_check")
    assert world.claim().shown_at is None
    world.record(replace(pull(), head_sha="newer"))
    shown(world, outside)
    assert world.claim().shown_at is not None


def test_a_link_cut_and_put_back_before_anything_was_said_is_shown_anew(world: World, outside: Outside) -> None:
    world.pay()
    world.record(pull())
    shown(world, outside)
    world.record(replace(pull(), closes=()), pull())
    assert world.claim().shown_at is None
    shown(world, outside)
    assert world.claim().shown_at is not None
    world.record(merged(pull()))
    assert world.claim().state == "released"


def test_after_the_merge_the_box_says_what_became_of_it(world: World, outside: Outside) -> None:
    world.pay()
    world.record(pull())
    shown(world, outside)
    world.record(merged(pull()))
    assert shown(world, outside).startswith("50 € of #12 are kept for @bo")
    world.connect(BO)
    world.send_transfers()
    assert shown(world, outside) == "50 € of #12 were paid to @bo"


def test_each_sweep_finds_what_came_due(world: World, outside: Outside) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    world.sweep("work.sweep_windows")
    assert world.claim().state == "window"
    later(7.1)
    world.sweep("work.sweep_windows")
    assert owed_shares(world) == [(5000, "kept")]


def test_a_pull_request_that_is_gone_holds_nothing_up(world: World, outside: Outside) -> None:
    given = world.pay()
    world.linked()
    later(86)
    world.sweep("work.sweep_lives")
    assert [(r.contribution_id, str(r.reason)) for r in world.rows(Refund)] == [(given.id, "life_over")]


def test_one_task_that_cannot_be_read_does_not_keep_others_from_ending(world: World, outside: Outside) -> None:
    world.pay()
    opened = world.linked()
    outside.see(opened)
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(CLEO), Permission.ADMIN, "No.")
    main, world.task_id = world.task_id, world.task(13)
    world.record(pull(41, closes=(13,)))
    outside.see(pull(41, closes=(13,)))
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(CLEO), Permission.ADMIN, "No.")
    later(14.1)
    outside.forge.fail["read_pull_request"] = [OutsideUnavailable("down")]
    with pytest.raises(Exception, match="1 failed"):
        world.sweep("work.sweep_ends")
    assert (world.read_task(main).state, world.read_task().state) == ("open", "cancelled")


def test_a_pull_request_that_vanished_is_recorded_as_nothing(world: World, outside: Outside) -> None:
    outside.forge.fail["read_pull_request"] = [OutsideGone("404")]
    read_and_record(REPOSITORY.id, 40)
    assert world.actions("claim") == []


def test_reconciliation_watches_linked_pull_requests_and_living_issues(world: World) -> None:
    world.linked(40)
    world.linked(41, author=DARA)
    world.task(14, opened=False)
    with reading() as session:
        assert sorted(watched_pulls(session)) == [(REPOSITORY.id, 40), (REPOSITORY.id, 41)]
        assert sorted(watched_issues(session)) == [(REPOSITORY.id, 12), (REPOSITORY.id, 14)]


def test_the_comment_says_sum_backers_and_whether_it_takes_money(world: World) -> None:
    world.pay(5000)
    world.pay(2500, by=DARA)
    with reading() as session:
        status = task_status(session, world.task_id)
    assert (str(status.held), status.backers, status.takes_money) == ("75.00 EUR", 2, True)
    assert status.fund_url.endswith(f"/tasks/{world.task_id}/fund")
    assert status.next_step == world.step()
