"""What a merge makes of claims: rivals, several tasks, co-authors, who may have merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.work import operations as work
from bountyhub.work.errors import OnAuthorSide
from bountyhub.work.models import Claim
from bountyhub.work.pulls import read_and_record
from tests.builders.outside import Outside
from tests.builders.world import (
    BO,
    BOT,
    CLEO,
    DARA,
    EVE,
    REPOSITORY,
    World,
    approval,
    assert_books_are_right,
    commit_by,
    later,
    merged,
    owed_shares,
    pull,
)


def states(world: World) -> dict[int, str]:
    return {claim.pull_number: str(claim.state) for claim in world.rows(Claim)}


def test_the_first_merged_wins_and_the_other_is_told(world: World) -> None:
    world.pay()
    first, second = world.linked(40), world.linked(41, author=DARA)
    world.record(merged(first))
    world.record(merged(second))
    assert states(world) == {40: "released", 41: "superseded"}
    assert owed_shares(world) == [(5000, "kept")]


@pytest.mark.usefixtures("database")
def test_two_merged_in_one_push_and_read_in_the_wrong_order_pay_the_first() -> None:
    world, outside = World.begin(), Outside().use()
    world.pay()
    first, second = world.linked(40), world.linked(41, author=DARA)
    moment = clock.now() + timedelta(seconds=2)
    outside.see(merged(first, at=moment), merged(second, at=moment + timedelta(seconds=1)))
    outside.forge.permissions = world.permissions
    read_and_record(REPOSITORY.id, 41)
    read_and_record(REPOSITORY.id, 40)
    assert states(world) == {40: "released", 41: "superseded"}
    assert_books_are_right()


def test_two_merged_in_the_same_second_pay_the_lower_number(world: World) -> None:
    outside = Outside().use()
    world.pay()
    first, second = world.linked(40), world.linked(41, author=DARA)
    moment = clock.now() + timedelta(seconds=2)
    outside.see(merged(first, at=moment), merged(second, at=moment))
    outside.forge.permissions = world.permissions
    read_and_record(REPOSITORY.id, 41)
    assert states(world) == {40: "released", 41: "superseded"}


def test_a_shown_claim_wins_against_a_late_one_that_waits(world: World) -> None:
    world.pay()
    world.record(merged(pull(40)))
    world.record(merged(world.linked(41, author=DARA)))
    assert states(world) == {40: "superseded", 41: "released"}


def test_one_pull_request_may_deliver_several_tasks(world: World) -> None:
    world.pay(5000)
    main, world.task_id = world.task_id, world.task(13)
    world.pay(2500)
    both = pull(closes=(12, 13))
    world.record(both)
    for task in (main, world.task_id):
        world.show(world.claim(task_id=task))
    world.record(merged(both))
    assert owed_shares(world) == [(5000, "kept"), (2500, "kept")]
    assert {world.read_task(main).state, world.read_task().state} == {"merged"}


def test_only_the_task_whose_link_was_shown_is_paid_at_once(world: World) -> None:
    world.pay(5000)
    main, world.task_id = world.task_id, world.task(13)
    world.pay(2500)
    both = pull(closes=(12, 13))
    world.record(both)
    world.show(world.claim(task_id=main))
    world.record(merged(both))
    assert [str(claim.state) for claim in world.rows(Claim)] == ["released", "late"]


def test_a_second_author_means_a_window_and_the_whole_for_the_pull_requests_author(world: World) -> None:
    world.pay()
    world.connect(BO)
    opened = world.linked(commits=(commit_by(BO), commit_by(DARA)))
    assert "more than one author" in world.step().detail
    world.record(merged(opened))
    assert world.claim().state == "window"
    later(7.1)
    with transaction() as session:
        work.end_window(session, world.claim().id)
    assert owed_shares(world) == [(5000, "payable")]


@pytest.mark.parametrize("commit", [commit_by(BO, "Dara <dara@example.org>"), commit_by(None, "x <x@example.org>")])
def test_a_trailer_names_a_second_author_too(world: World, commit: object) -> None:
    opened = world.linked(commits=(commit,))
    world.pay()
    world.record(merged(opened))
    assert (world.claim().state, world.claim().co_authors) == ("window", 1)


def test_somebody_a_trailer_names_by_their_account_is_on_the_author_side(world: World) -> None:
    world.pay()
    opened = world.linked(commits=(commit_by(BO, known=(EVE, BO)), commit_by(EVE)))
    assert (world.claim().co_authors, world.claim().co_author_ids) == (1, [EVE.id])
    world.record(merged(opened, by=EVE))
    assert (world.claim().state, world.claim().independent) == ("window", False)
    with transaction() as session:
        work.object_to_claim(session, world.claim().id, world.actor(CLEO), Permission.READ, "No.")
    with pytest.raises(OnAuthorSide), transaction() as session:
        work.settle_claim(
            session, world.claim().id, world.actor(EVE), Permission.MAINTAIN, accept=True, reason="It is mine."
        )


def test_a_trailer_that_names_the_author_opens_no_window(world: World) -> None:
    world.pay()
    world.record(merged(world.linked(commits=(commit_by(BO, known=(BO,)),))))
    assert world.claim().state == "released"


def test_commits_by_the_author_alone_open_no_window(world: World) -> None:
    world.pay()
    world.record(merged(world.linked(commits=(commit_by(BO), commit_by(BO)))))
    assert world.claim().state == "released"


def test_a_maintainer_who_wrote_a_part_is_not_independent(world: World) -> None:
    world.pay()
    world.record(merged(world.linked(commits=(commit_by(BO), commit_by(EVE))), by=EVE))
    assert (world.claim().state, world.claim().independent) == ("window", False)


@pytest.mark.parametrize("approver", [BO, CLEO, BOT])
def test_an_approval_by_the_author_a_stranger_or_a_bot_makes_nothing_independent(
    world: World, approver: ForgePerson
) -> None:
    world.pay()
    world.permissions |= {BO.id: Permission.ADMIN, BOT.id: Permission.ADMIN}
    opened = world.linked()
    world.record(merged(opened, by=BO, approvals=(approval(approver, opened),)))
    assert world.claim().state == "window"


def test_a_merge_queue_is_nobody(world: World) -> None:
    world.pay()
    world.permissions[BOT.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BOT))
    assert world.claim().state == "window"


def test_a_queue_that_merges_what_a_maintainer_approved_is_independent(world: World) -> None:
    world.pay()
    opened = world.linked()
    world.record(merged(opened, by=BOT, approvals=(approval(EVE, opened),)))
    assert world.claim().state == "released"


def test_a_merger_whose_permission_is_not_known_any_more_opens_a_window(world: World) -> None:
    world.pay()
    world.permissions = {}
    world.record(merged(world.linked()))
    assert world.claim().state == "window"


def test_somebody_with_write_alone_merges_independently(world: World) -> None:
    world.pay()
    world.permissions = {DARA.id: Permission.WRITE}
    world.record(merged(world.linked(), by=DARA))
    assert world.claim().state == "released"


def test_a_merge_in_the_second_of_the_check_run_was_shown(world: World) -> None:
    world.pay()
    opened = world.linked()
    shown = world.claim().shown_at
    assert shown is not None
    world.record(merged(opened, at=shown))
    assert world.claim().state == "released"


def test_a_merge_a_second_before_the_check_run_is_late(world: World) -> None:
    world.pay()
    opened = world.linked()
    shown = world.claim().shown_at
    assert shown is not None
    world.record(merged(opened, at=shown - timedelta(seconds=1)))
    assert world.claim().state == "late"


def test_an_author_who_merges_a_task_without_money_completes_it(world: World) -> None:
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    assert (world.claim().state, world.read_task().state) == ("released", "completed")


def test_money_that_left_before_the_merge_is_not_missed(world: World) -> None:
    given = world.pay()
    opened = world.linked()
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    world.record(merged(opened))
    assert (world.read_task().state, owed_shares(world)) == ("completed", [])
    assert "gone back" in world.step().text


def test_a_loser_whose_winner_is_refused_can_win_after_all(world: World) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    first, second = world.linked(40), world.linked(41, author=DARA)
    world.record(merged(first, by=BO))
    assert states(world) == {40: "window", 41: "superseded"}
    with transaction() as session:
        work.unlink_claim(session, world.claim(40).id, world.actor(EVE), Permission.MAINTAIN)
    assert {"repository": REPOSITORY.id, "number": 41} in world.jobs("forge.read_pull")
    world.record(second)
    world.show(world.claim(41))
    world.record(merged(replace(second)))
    assert states(world) == {40: "refused", 41: "released"}
