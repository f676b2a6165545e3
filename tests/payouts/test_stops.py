"""Halts of outgoing money: transfers wait, books go on, and what waited leaves by itself afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.events import audit
from bountyhub.events.models import Alarm
from bountyhub.kit.database import transaction
from bountyhub.payouts.errors import SecondOperatorNeeded, StopIsOver
from bountyhub.payouts.models import Stop, StopScope, Transfer, WaitReason
from bountyhub.payouts.operations.stops import end_stop, extend_stop, make_stop
from bountyhub.payouts.rules import StopRefused, why_not_extended
from bountyhub.people.operations import CLOCK
from tests.builders.at_once import at_once
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World, assert_books_are_right, later, merged, owed_shares

WHY = "A card was reported stolen."


def released(world: World) -> World:
    world.connect(BO)
    world.pay()
    world.record(merged(world.linked()))
    return world


def stop(world: World, scope: StopScope = StopScope.SITE, target: str = "") -> Stop:
    with transaction() as session:
        return make_stop(session, scope, target, WHY, world.actor(DARA))


def waits(world: World) -> list[tuple[str, str]]:
    return [(str(one.state), str(one.wait_reason)) for one in world.rows(Transfer)]


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"made_by": 1, "extended_by": None, "by": 1, "over": False}, StopRefused.SAME_OPERATOR),
        ({"made_by": 1, "extended_by": None, "by": 2, "over": False}, None),
        ({"made_by": 1, "extended_by": 2, "by": 2, "over": False}, StopRefused.SAME_OPERATOR),
        ({"made_by": 1, "extended_by": 2, "by": 1, "over": False}, None),
        ({"made_by": None, "extended_by": None, "by": 1, "over": False}, None),
        ({"made_by": 1, "extended_by": None, "by": 2, "over": True}, StopRefused.OVER),
    ],
)
def test_the_word_of_a_second_operator_makes_it_last(facts: dict[str, Any], refused: StopRefused | None) -> None:
    assert why_not_extended(**facts) is refused


@pytest.mark.usefixtures("database")
def test_the_release_is_booked_and_the_transfer_waits_until_the_stop_ends() -> None:
    world = World.begin()
    made = stop(world)
    released(world)
    assert world.send_transfers() == 0
    assert waits(world) == [("waiting", "stopped")]
    assert owed_shares(world) == [(5000, "payable")]
    assert "outgoing money is stopped" in world.step().text
    assert WHY in world.step().detail
    with transaction() as session:
        end_stop(session, made.id, "Looked into.", world.actor(EVE))
    assert len(world.jobs("payouts.send_transfer")) >= 1
    assert world.send_transfers() == 1
    assert_books_are_right()


@pytest.mark.parametrize(("scope", "days"), [(StopScope.SITE, 3), (StopScope.TASK, 14)])
def test_it_ends_by_itself_also_after_downtime(world: World, scope: StopScope, days: int) -> None:
    stop(world, scope, "" if scope is StopScope.SITE else str(world.task_id))
    released(world)
    assert world.send_transfers() == 0
    later(days - 0.5)
    world.sweep("payouts.sweep_stops")
    assert world.send_transfers() == 0
    later(30)
    world.sweep("payouts.sweep_stops")
    assert world.rows(Stop)[0].ended_at is not None
    assert world.send_transfers() == 1


def test_each_scope_holds_its_own_and_nothing_else(world: World) -> None:
    released(world)
    repository = world.read_task().project_id
    cleo, bo, ana = (world.persons[who.login].id for who in (CLEO, BO, ANA))
    theirs = [(StopScope.PROJECT, str(repository)), (StopScope.TASK, str(world.task_id)),
              (StopScope.PERSON, str(cleo)), (StopScope.PERSON, str(bo))]  # fmt: skip
    others = [(StopScope.PROJECT, "99"), (StopScope.TASK, "99"), (StopScope.PERSON, str(ana)), (StopScope.CARD, "x")]
    for scope, target in theirs:
        made = stop(world, scope, target)
        assert world.send_transfers() == 0, scope
        with transaction() as session:
            end_stop(session, made.id, "No.", world.actor(DARA))
    for scope, target in others:
        stop(world, scope, target)
    assert world.send_transfers() == 1


def test_why_a_person_is_stopped_is_nobody_elses_business(world: World) -> None:
    released(world)
    stop(world, StopScope.PERSON, str(world.persons[BO.login].id))
    world.send_transfers()
    assert WHY not in f"{world.step().text} {world.step().detail}"
    assert "outgoing money is stopped" in world.step().text


@pytest.mark.usefixtures("postgresql")
def test_two_operators_at_once_make_one_stop() -> None:
    world = World.begin()
    made = at_once(*(lambda session: make_stop(session, StopScope.SITE, "", WHY, CLOCK).id for _ in range(2)))
    assert made[0] == made[1]
    assert len(world.rows(Stop)) == 1


def test_only_another_operator_extends_it(world: World) -> None:
    made = stop(world)
    with transaction() as session, pytest.raises(SecondOperatorNeeded):
        extend_stop(session, made.id, world.actor(DARA))
    later(2)
    with transaction() as session:
        assert extend_stop(session, made.id, world.actor(EVE)).until > made.until
    with transaction() as session, pytest.raises(SecondOperatorNeeded):
        extend_stop(session, made.id, world.actor(EVE))


def test_what_is_over_is_not_extended(world: World) -> None:
    made = stop(world)
    with transaction() as session:
        end_stop(session, made.id, "Done.", world.actor(DARA))
        end_stop(session, made.id, "Done again.", world.actor(EVE))
    assert world.rows(Stop)[0].ended_why == "Done."
    with transaction() as session, pytest.raises(StopIsOver):
        extend_stop(session, made.id, world.actor(EVE))


def test_a_new_one_begins_when_the_old_ones_time_is_over(world: World) -> None:
    first = stop(world)
    later(4)
    assert stop(world).id != first.id


def test_the_sweep_leaves_what_is_stopped_alone(world: World) -> None:
    stop(world)
    released(world)
    world.send_transfers()
    before = len(world.jobs("payouts.send_transfer"))
    world.sweep("payouts.sweep_transfers")
    assert len(world.jobs("payouts.send_transfer")) == before
    assert world.rows(Transfer)[0].wait_reason is WaitReason.STOPPED


def note(world: World, action: str, times: int) -> None:
    contribution = world.pay()
    with transaction() as session:
        for _ in range(times):
            audit.record(session, "stripe", action, "contribution", contribution.id)


@pytest.mark.parametrize(
    ("action", "times", "scope"),
    [("payment_declined", 15, "task"), ("payment_declined", 50, "site"), ("fraud_warning", 3, "site")],
)
def test_a_wave_stops_outgoing_money_by_itself(world: World, action: str, times: int, scope: str) -> None:
    note(world, action, times - 1)
    world.sweep("payouts.watch_for_fraud")
    assert scope not in {str(one.scope) for one in world.rows(Stop)}
    note(world, action, 1)
    for _ in range(2):
        world.sweep("payouts.watch_for_fraud")
    made = [one for one in world.rows(Stop) if one.scope == scope]
    assert len(made) == 1
    assert made[0].made_by is None
    assert "stop" in {one.kind for one in world.rows(Alarm) if one.ended_at is None}


def test_what_was_ended_is_not_stopped_again_for_the_same(world: World) -> None:
    note(world, "fraud_warning", 3)
    world.sweep("payouts.watch_for_fraud")
    [made] = world.rows(Stop)
    later(0.01)
    with transaction() as session:
        end_stop(session, made.id, "A test of ours.", world.actor(DARA))
    world.sweep("payouts.watch_for_fraud")
    assert len(world.rows(Stop)) == 1
    assert [one for one in world.rows(Alarm) if one.kind == "stop" and one.ended_at is None] == []


def test_a_stop_holds_nothing_beyond_the_moneys_life(world: World) -> None:
    released(world)
    stop(world)
    world.send_transfers()
    later(80)
    with transaction() as session:
        extend_stop(session, 1, world.actor(EVE))
    later(2)
    world.sweep("payouts.sweep_unsendable")
    assert [state for _, state in owed_shares(world)] == ["payable"]
    later(5)
    world.sweep("payouts.sweep_unsendable")
    world.sweep("work.sweep_lives")
    assert [state for _, state in owed_shares(world)] == ["returned"]
    assert world.send_refunds() == 5275
    assert_books_are_right()
