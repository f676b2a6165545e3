"""Objections inside a window: who may, what they stop, and how they are withdrawn."""

from __future__ import annotations

import pytest

from bountyhub.bot.texts import status_comment
from bountyhub.events.models import AuditEvent
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from bountyhub.work.errors import ClaimRefuses, MayNotObject, OnAuthorSide, ReasonMissing
from bountyhub.work.queries import claim_status, task_status
from tests.builders.world import (
    BO,
    CLEO,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    commit_by,
    later,
    merged,
    owed_shares,
)
from tests.work.objecting import end_window, in_window, object_to, returned, standing, withdraw


@pytest.fixture
def windowed(world: World) -> World:
    """Cleo gave 60, Dara 10; Bo, an admin, merged his own pull request, and can be paid."""
    return in_window(world)


def test_a_small_backer_sets_their_own_part_aside_and_the_rest_is_paid(windowed: World) -> None:
    object_to(windowed, DARA)
    assert standing(windowed) == ("window", "merged")
    later(7.1)
    end_window(windowed)
    assert owed_shares(windowed) == [(6000, "payable")]
    assert windowed.step().text == "10 € are set aside by an objection until it is settled."


def test_a_part_released_because_its_objection_was_withdrawn_names_nobody(windowed: World) -> None:
    objection = object_to(windowed, DARA)
    later(7.1)
    end_window(windowed)
    withdraw(windowed, objection, DARA)
    assert owed_shares(windowed) == [(6000, "payable"), (1000, "payable")]
    assert {row.actor for row in windowed.rows(AuditEvent) if row.action in ("claim_released", "task_settled")} == {
        "clock"
    }


def test_a_task_completed_by_a_backer_who_takes_their_part_back_names_nobody(windowed: World) -> None:
    object_to(windowed, DARA)
    later(7.1)
    end_window(windowed)
    with transaction() as session:
        work.withdraw(session, 2, windowed.actor(DARA))
    assert [row.actor for row in windowed.rows(AuditEvent) if row.action == "task_settled"] == ["clock"]


def test_what_an_objection_sets_aside_is_promised_to_nobody(windowed: World) -> None:
    object_to(windowed, DARA)
    assert windowed.step().text.startswith("60 € go to @bo on")
    assert "One objection sets 10 € aside." in windowed.step().detail
    with reading() as session:
        assert claim_status(session, windowed.claim().id).title.startswith("60 € of #12 go to @bo on")
        assert "60 € go to @bo on" in status_comment(task_status(session, windowed.task_id))


def test_a_third_of_the_money_blocks_the_whole(windowed: World) -> None:
    object_to(windowed, CLEO)
    assert standing(windowed) == ("blocked", "merged")
    later(8)
    end_window(windowed)
    assert owed_shares(windowed) == []
    assert windowed.step().text.startswith("An objection blocks 70 €")


@pytest.mark.parametrize(("amount", "state"), [(2999, "window"), (3000, "blocked")])
def test_a_third_is_counted_to_the_cent(world: World, amount: int, state: str) -> None:
    in_window(world, dara=amount)
    object_to(world, DARA)
    assert world.claim().state == state


def test_a_decider_blocks_the_whole_without_having_paid(windowed: World) -> None:
    object_to(windowed, EVE)
    assert standing(windowed) == ("blocked", "merged")


def test_an_outsider_cannot_object(world: World) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    with pytest.raises(MayNotObject):
        object_to(world, DARA)


def test_money_that_came_after_the_merge_gives_no_say(world: World) -> None:
    world.pay(6000)
    world.permissions[BO.id] = Permission.ADMIN
    ref = world.order(1000, by=DARA)
    world.record(merged(world.linked(), by=BO))
    world.capture(ref)
    with pytest.raises(MayNotObject):
        object_to(world, DARA)
    assert returned(world) == [("too_late", 1075)]


def test_the_author_cannot_object_although_an_admin(windowed: World) -> None:
    with pytest.raises(OnAuthorSide):
        object_to(windowed, BO)


def test_a_co_author_who_paid_is_on_the_author_side(world: World) -> None:
    world.pay()
    world.record(merged(world.linked(commits=(commit_by(BO), commit_by(CLEO)))))
    with pytest.raises(OnAuthorSide):
        object_to(world, CLEO)


def test_an_objection_needs_a_reason_and_a_window(windowed: World) -> None:
    with pytest.raises(ReasonMissing):
        object_to(windowed, CLEO, "  ")
    later(7.1)
    with pytest.raises(ClaimRefuses):
        object_to(windowed, CLEO)
    end_window(windowed)
    with pytest.raises(ClaimRefuses):
        object_to(windowed, CLEO)


def test_a_double_click_objects_once(windowed: World) -> None:
    assert object_to(windowed, DARA).id == object_to(windowed, DARA).id
    assert len(windowed.jobs("notify.objected")) == 1


def test_an_objection_withdrawn_in_time_leaves_the_window_as_it_was(windowed: World) -> None:
    objection = object_to(windowed, CLEO)
    later(3)
    withdraw(windowed, objection, CLEO)
    claim = windowed.claim()
    assert (claim.state, claim.until) == ("window", claim.window_until)
    later(4.1)
    end_window(windowed)
    assert owed_shares(windowed) == [(7000, "payable")]


def test_a_block_lifted_after_the_window_pays_at_once(windowed: World) -> None:
    objection = object_to(windowed, CLEO)
    later(9)
    withdraw(windowed, objection, CLEO)
    assert standing(windowed) == ("released", "completed")
    assert owed_shares(windowed) == [(7000, "payable")]


def test_a_part_set_aside_is_paid_when_its_objection_is_withdrawn(windowed: World) -> None:
    objection = object_to(windowed, DARA)
    later(8)
    end_window(windowed)
    withdraw(windowed, objection, DARA)
    assert owed_shares(windowed) == [(6000, "payable"), (1000, "payable")]
    assert windowed.send_transfers() == 2
    assert_books_are_right()


def test_of_two_objections_the_one_that_stays_still_blocks(windowed: World) -> None:
    object_to(windowed, EVE)
    second = object_to(windowed, CLEO)
    withdraw(windowed, second, CLEO)
    assert windowed.claim().state == "blocked"


def test_nobody_withdraws_somebody_elses_objection(windowed: World) -> None:
    objection = object_to(windowed, CLEO)
    with pytest.raises(NotFound):
        withdraw(windowed, objection, DARA)
