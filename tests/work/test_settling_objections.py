"""How objections end: overruled, upheld, by the facts, with a cut link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.events.sweeps import SomeFailed
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Repository
from bountyhub.work import operations as work
from bountyhub.work.errors import ClaimRefuses, NotADecider, OnAuthorSide, ReasonMissing
from bountyhub.work.models import Objection
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    issue,
    later,
    merged,
    owed_shares,
)
from tests.work.objecting import by_facts, end_window, in_window, object_to, returned, settle, standing


@pytest.fixture
def windowed(world: World) -> World:
    """Cleo gave 60, Dara 10; Bo, an admin, merged his own pull request, and can be paid."""
    return in_window(world)


@pytest.mark.usefixtures("database")
def test_a_decider_who_overrules_releases_everything() -> None:
    world = in_window(World.begin())
    object_to(world, CLEO)
    settle(world, EVE, accept=True)
    assert owed_shares(world) == [(7000, "payable")]
    assert [o.state for o in world.rows(Objection)] == ["overruled"]
    assert world.rows(Objection)[0].settled_reason == "I looked."
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_a_decider_who_upholds_a_block_opens_the_task_again() -> None:
    world = in_window(World.begin())
    object_to(world, CLEO)
    settle(world, EVE, accept=False)
    assert standing(world) == ("refused", "open")
    assert str(world.read_task().ends_reason) == "issue_closed"
    assert owed_shares(world) == []
    assert_books_are_right()


def test_the_operator_can_settle(windowed: World) -> None:
    object_to(windowed, CLEO)
    settle(windowed, None, accept=True)
    assert windowed.rows(Objection)[0].settled_by == "operator"
    assert windowed.claim().state == "released"


def test_an_objection_upheld_to_a_part_returns_that_part(windowed: World) -> None:
    object_to(windowed, DARA)
    settle(windowed, EVE, accept=False)
    assert returned(windowed) == [("objection", 1075)]
    later(7.1)
    end_window(windowed)
    assert owed_shares(windowed) == [(6000, "payable")]
    assert_books_are_right()


def test_a_part_upheld_after_the_rest_was_paid_completes_the_task(windowed: World) -> None:
    object_to(windowed, DARA)
    later(7.1)
    end_window(windowed)
    settle(windowed, EVE, accept=False)
    assert (returned(windowed), windowed.read_task().state) == ([("objection", 1075)], "completed")


def test_a_part_overruled_inside_the_window_is_paid_with_the_rest(windowed: World) -> None:
    object_to(windowed, DARA)
    settle(windowed, EVE, accept=True)
    assert windowed.claim().state == "window"
    later(7.1)
    end_window(windowed)
    assert owed_shares(windowed) == [(7000, "payable")]


def test_nobody_on_the_author_side_and_no_backer_settles(windowed: World) -> None:
    object_to(windowed, CLEO)
    with pytest.raises(OnAuthorSide):
        settle(windowed, BO, accept=True)
    with pytest.raises(NotADecider):
        settle(windowed, CLEO, accept=False)
    with pytest.raises(ReasonMissing):
        settle(windowed, ANA, accept=True, reason=" ")


def test_there_must_be_something_to_settle(windowed: World) -> None:
    with pytest.raises(ClaimRefuses):
        settle(windowed, EVE, accept=True)
    object_to(windowed, CLEO)
    settle(windowed, EVE, accept=True)
    with pytest.raises(ClaimRefuses):
        settle(windowed, ANA, accept=False)


def test_after_fourteen_days_a_closed_issue_means_delivered(windowed: World) -> None:
    object_to(windowed, CLEO)
    by_facts(windowed)
    assert windowed.claim().state == "blocked"
    later(14.1)
    by_facts(windowed)
    assert owed_shares(windowed) == [(7000, "payable")]
    assert windowed.rows(Objection)[0].settled_by == "clock"


def test_after_fourteen_days_an_open_issue_returns_the_objectors_part(windowed: World) -> None:
    object_to(windowed, CLEO)
    windowed.record_issue(issue())
    later(14.1)
    by_facts(windowed)
    assert (returned(windowed), owed_shares(windowed)) == ([("objection", 6325)], [(1000, "payable")])
    assert standing(windowed) == ("released", "completed")


def test_after_fourteen_days_an_open_issue_upholds_a_deciders_objection(windowed: World) -> None:
    object_to(windowed, EVE)
    windowed.record_issue(issue())
    later(14.1)
    by_facts(windowed)
    assert (standing(windowed), returned(windowed)) == (("refused", "open"), [])


def test_an_older_objection_to_a_part_does_not_end_a_newer_block_early(windowed: World) -> None:
    object_to(windowed, DARA)
    later(6)
    object_to(windowed, EVE)
    later(9)
    windowed.sweep("work.sweep_objections")
    assert (standing(windowed), owed_shares(windowed)) == (("blocked", "merged"), [])
    later(5.1)
    windowed.sweep("work.sweep_objections")
    assert owed_shares(windowed) == [(7000, "payable")]


def test_of_two_parts_set_aside_each_is_settled_in_its_own_time(world: World) -> None:
    """Cleo gave 60, Dara 10 and Eve, who decides nothing here, 10."""
    world.pay(1000, by=EVE)
    del world.permissions[EVE.id]
    in_window(world, dara=1000)
    object_to(world, DARA)
    later(6)
    object_to(world, EVE)
    later(1.1)
    world.sweep("work.sweep_windows")
    later(7)
    world.sweep("work.sweep_objections")
    assert owed_shares(world) == [(6000, "payable"), (1000, "payable")]
    later(6)
    world.sweep("work.sweep_objections")
    assert owed_shares(world) == [(6000, "payable"), (1000, "payable"), (1000, "payable")]
    assert world.read_task().state == "completed"


def test_the_facts_decide_before_the_money_dies(world: World) -> None:
    leave_by = world.pay(6000).leave_by
    later(75)
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    objection = object_to(world, EVE)
    assert objection.until + timedelta(days=5) == leave_by


def test_an_issue_reopened_without_a_webhook_is_found_before_the_facts_decide(windowed: World) -> None:
    outside = Outside().use()
    object_to(windowed, EVE)
    outside.forge.issues[12] = issue()
    later(14.1)
    windowed.sweep("work.sweep_objections")
    assert (standing(windowed), owed_shares(windowed)) == (("refused", "open"), [])
    assert windowed.rows(Objection)[0].settled_reason == "by the facts: the issue is open"


def test_while_the_issue_cannot_be_read_nothing_is_decided_by_it(windowed: World) -> None:
    outside = Outside().use()
    object_to(windowed, EVE)
    outside.forge.fail["read_issue"] = [OutsideRefused("403 blocked")]
    later(14.1)
    with pytest.raises(SomeFailed):
        windowed.sweep("work.sweep_objections")
    assert standing(windowed) == ("blocked", "merged")
    windowed.sweep("work.sweep_objections")
    assert owed_shares(windowed) == [(7000, "payable")]


def test_what_a_private_repository_says_is_not_read(windowed: World) -> None:
    outside = Outside().use()
    object_to(windowed, EVE)
    with transaction() as session:
        session.get_one(Repository, windowed.repository_id).private = True
    later(14.1)
    windowed.sweep("work.sweep_objections")
    assert (outside.forge.keys("read_issue"), windowed.claim().state) == ([], "released")


def test_a_link_cut_inside_a_window_ends_its_objections_and_touches_no_money(windowed: World) -> None:
    object_to(windowed, DARA)
    with transaction() as session:
        work.unlink_claim(session, windowed.claim().id, windowed.actor(EVE), Permission.MAINTAIN)
    windowed.record_issue(issue())
    later(14.1)
    windowed.sweep("work.sweep_objections")
    assert ([str(o.state) for o in windowed.rows(Objection)], returned(windowed)) == (["upheld"], [])
    assert standing(windowed) == ("refused", "open")


def test_an_objector_who_takes_their_money_back_keeps_nothing_waiting(windowed: World) -> None:
    object_to(windowed, DARA)
    later(7.1)
    end_window(windowed)
    with transaction() as session:
        work.withdraw(session, 2, windowed.actor(DARA))
    assert standing(windowed) == ("released", "completed")
