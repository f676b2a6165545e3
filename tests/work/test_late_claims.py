"""Claims that were not shown before their merge: confirmed, refused, lapsed."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.work import operations as work
from bountyhub.work.errors import ClaimRefuses, CommandRefused, NotADecider, OnAuthorSide
from bountyhub.work.models import Claim
from tests.builders.world import (
    ANA,
    BO,
    BOT,
    CLEO,
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


def confirm(world: World, by: ForgePerson, number: int = 40) -> Claim:
    with transaction() as session:
        return work.confirm_claim(session, world.claim(number).id, world.actor(by), world.permission(by))


def lapse(world: World) -> None:
    with transaction() as session:
        work.lapse_claim(session, world.claim().id)


def late(world: World, author: ForgePerson = BO, number: int = 40) -> None:
    world.record(merged(pull(number, author=author)))


@pytest.mark.usefixtures("database")
def test_a_confirmed_claim_opens_its_window_and_is_paid_after_it() -> None:
    world = World.begin()
    world.pay()
    world.connect(BO)
    late(world)
    later(3)
    confirm(world, EVE)
    assert (world.claim().state, world.read_task().state) == ("window", "merged")
    later(7.1)
    world.sweep("work.sweep_windows")
    assert owed_shares(world) == [(5000, "payable")]
    assert_books_are_right()


def test_confirming_twice_is_confirming_once(world: World) -> None:
    world.pay()
    late(world)
    first = confirm(world, EVE).until
    later(2)
    assert confirm(world, ANA).until == first


def test_the_author_cannot_confirm_and_neither_can_a_backer(world: World) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    late(world)
    with pytest.raises(OnAuthorSide):
        confirm(world, BO)
    with pytest.raises(NotADecider):
        confirm(world, CLEO)


def test_a_claim_that_waits_for_nothing_cannot_be_confirmed(world: World) -> None:
    world.linked()
    with pytest.raises(ClaimRefuses):
        confirm(world, EVE)


def test_a_bots_claim_cannot_be_confirmed(world: World) -> None:
    late(world, author=BOT)
    with pytest.raises(CommandRefused):
        confirm(world, EVE)


def test_nobody_confirms_in_fourteen_days_and_the_task_goes_on(world: World) -> None:
    world.pay()
    late(world)
    lapse(world)
    assert world.claim().state == "late"
    later(14.1)
    world.sweep("work.sweep_windows")
    assert (world.claim().state, world.read_task().state) == ("refused", "open")
    assert world.step().text.startswith("The first merged pull request")


def test_a_lapsed_claim_cannot_be_confirmed_any_more(world: World) -> None:
    late(world)
    later(14.1)
    lapse(world)
    with pytest.raises(ClaimRefuses):
        confirm(world, EVE)


def test_a_lapsed_claim_does_not_come_back_when_its_merge_is_read_again(world: World) -> None:
    done = merged(pull())
    world.record(done)
    later(14.1)
    lapse(world)
    world.record(done)
    assert world.claim().state == "refused"


def test_a_decider_refuses_a_late_claim_by_cutting_its_link(world: World) -> None:
    world.pay()
    late(world)
    world.record_issue(issue(is_open=False))
    assert world.read_task().ends_at is None
    with transaction() as session:
        work.unlink_claim(session, world.claim().id, world.actor(EVE), Permission.MAINTAIN)
    assert world.claim().state == "refused"
    assert str(world.read_task().ends_reason) == "issue_closed"


def test_confirming_one_of_two_late_claims_ends_the_other(world: World) -> None:
    world.pay()
    late(world)
    late(world, author=DARA, number=41)
    confirm(world, EVE, 41)
    assert (world.claim(40).state, world.claim(41).state) == ("superseded", "window")


def test_a_late_loser_waits_again_when_the_winner_is_refused(world: World) -> None:
    world.pay()
    late(world)
    late(world, author=DARA, number=41)
    confirm(world, EVE, 41)
    with transaction() as session:
        work.unlink_claim(session, world.claim(41).id, world.actor(EVE), Permission.MAINTAIN)
    assert (world.claim(40).state, world.claim(41).state) == ("late", "refused")
    assert confirm(world, EVE).state == "window"


def test_everything_held_at_the_windows_end_goes_to_the_confirmed_claim(world: World) -> None:
    world.pay(5000)
    late(world)
    world.pay(2500, by=DARA)
    confirm(world, EVE)
    later(7.1)
    world.sweep("work.sweep_windows")
    assert owed_shares(world) == [(7500, "kept")]
