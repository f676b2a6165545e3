"""Two operators undo a release: who may, until when, and that every second press finds what the first one did."""

from __future__ import annotations

import pytest

from bountyhub.events import alarms
from bountyhub.events.models import AuditEvent
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError, NotFound
from bountyhub.payouts.errors import SecondOperatorNeeded
from bountyhub.ports.forge import ForgePerson
from bountyhub.work import operations as work
from bountyhub.work.errors import HasAStake, ReasonMissing, ReleaseStands
from bountyhub.work.models import Undo
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.undoing import WHY, confirm, propose, released, undo
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World, assert_books_are_right, commit_by, later, merged


def test_both_operators_are_in_the_trail_and_the_reason_too(world: World) -> None:
    undo(released(world))
    [event] = [row for row in world.rows(AuditEvent) if row.action == "claim_undone"]
    ana, eve = (world.persons[who.login].id for who in (ANA, EVE))
    assert (event.actor, event.detail["proposed_by"], event.detail["reason"]) == (f"person:{eve}", f"person:{ana}", WHY)


def test_the_same_operator_twice_is_not_two(world: World) -> None:
    row = propose(released(world))
    assert propose(world).id == row.id
    with pytest.raises(SecondOperatorNeeded):
        confirm(world, row, ANA)
    assert str(world.claim().state) == "released"


def test_a_second_proposal_is_a_confirmation_to_be_made(world: World) -> None:
    propose(released(world))
    with pytest.raises(ReleaseStands, match="Another operator proposed"):
        propose(world, by=EVE)


def test_confirming_twice_finds_it_done(world: World) -> None:
    row = propose(released(world))
    confirm(world, row)
    before = world.rows(AuditEvent)
    confirm(world, row)
    assert len(world.rows(AuditEvent)) == len(before)


@pytest.mark.parametrize("who", [BO, CLEO])
def test_payees_and_backers_have_no_say(world: World, who: ForgePerson) -> None:
    released(world)
    with pytest.raises(HasAStake):
        propose(world, by=who)
    row = propose(world)
    with pytest.raises(HasAStake):
        confirm(world, row, who)


def test_nor_has_who_paid_by_mail_alone(world: World) -> None:
    Outside().use()
    world.pay(5000, None, "eve@example.org")
    released(world)
    with pytest.raises(HasAStake):
        confirm(world, propose(world), EVE)


def test_nor_has_a_co_author(world: World) -> None:
    Outside().use()
    world.pay(5000)
    opened = world.linked(commits=[commit_by(EVE)])
    world.record(merged(opened))
    later(8)
    world.sweep("work.sweep_windows")
    assert str(world.claim().state) == "released"
    with pytest.raises(HasAStake):
        confirm(world, propose(world), EVE)


def test_it_needs_a_reason(world: World) -> None:
    released(world)
    with pytest.raises(ReasonMissing):
        propose(world, reason=" ")


def test_only_what_was_released_is_undone(world: World) -> None:
    world.pay(5000)
    world.linked()
    with pytest.raises(ReleaseStands, match="isn't released"):
        propose(world)


def test_after_the_first_leave_by_it_stands(world: World) -> None:
    released(world, 5000, 2500, connected=False)
    row = propose(world)
    later(86)
    with pytest.raises(ReleaseStands):
        confirm(world, row)
    with pytest.raises(ReleaseStands, match="can't be undone after that"):
        propose(world, by=EVE)


def test_a_proposal_lapses_after_seven_days(world: World) -> None:
    row = propose(released(world, connected=False))
    later(7)
    with pytest.raises(ReleaseStands, match="over"):
        confirm(world, row)
    world.sweep("work.sweep_undos")
    world.sweep("work.sweep_undos")
    assert [str(one.state) for one in world.rows(Undo)] == ["lapsed"]
    assert propose(world, by=EVE).id != row.id


def test_who_proposed_takes_it_back_and_nobody_else(world: World) -> None:
    row = propose(released(world))
    with transaction() as session, pytest.raises(NotFound):
        work.withdraw_undo(session, row.id, world.actor(EVE))
    for _ in range(2):
        with transaction() as session:
            work.withdraw_undo(session, row.id, world.actor(ANA))
    with pytest.raises(ReleaseStands, match="over"):
        confirm(world, row)
    assert world.actions("claim").count("undo_withdrawn") == 1


def test_operators_are_alarmed_as_long_as_a_proposal_stands(world: World) -> None:
    row = propose(released(world))
    with reading() as session:
        assert alarms.open_by_kind(session) == {"undo": 1}
    confirm(world, row)
    with reading() as session:
        assert alarms.open_by_kind(session) == {}


def test_two_confirm_at_once(postgresql: str) -> None:
    world = released(World.begin())
    row = propose(world)
    eve, dara = world.actor(EVE), world.actor(DARA)
    answers = at_once(*(lambda s, who=who: work.confirm_undo(s, row.id, who) for who in (eve, dara)))
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert world.actions("claim").count("claim_undone") == 1
    assert_books_are_right()


def test_two_propose_at_once(postgresql: str) -> None:
    world = released(World.begin())
    answers = at_once(
        *(lambda s, who=who: work.propose_undo(s, 1, who, WHY) for who in (world.actor(EVE), world.actor(ANA)))
    )
    assert [type(answer) for answer in answers].count(ReleaseStands) == 1
    assert len(world.rows(Undo)) == 1
