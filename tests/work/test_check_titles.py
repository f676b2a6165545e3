"""What the merge box says before a merge: what it releases to whom, or what is missing; the stop and the notice too."""

from __future__ import annotations

from sqlalchemy import update

from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import StopScope
from bountyhub.payouts.operations.stops import end_stop, make_stop
from bountyhub.people.operations import OPERATOR
from bountyhub.work import operations as work
from bountyhub.work.queries import ClaimStatus, claim_status
from tests.builders.world import BO, CLEO, World, later


def shown(world: World) -> ClaimStatus:
    with reading() as session:
        return claim_status(session, world.claim().id)


def stop(world: World, scope: StopScope = StopScope.TASK) -> int:
    with transaction() as session:
        return make_stop(session, scope, str(world.task_id) if scope is StopScope.TASK else "", "We look.", OPERATOR).id


def test_what_merging_releases_and_to_whom(world: World) -> None:
    world.connect(BO)
    world.pay(5000)
    world.linked()
    assert shown(world).title == "Merging this releases 50 € of #12 to @bo"


def test_not_payable(world: World) -> None:
    world.pay(5000)
    world.linked()
    assert shown(world).title == "Merging this keeps 50 € of #12 for @bo until they connect a payout account"


def test_a_draft(world: World) -> None:
    world.connect(BO)
    world.pay(5000)
    world.linked(draft=True)
    assert shown(world).title == "Still a draft: once ready, merging it releases 50 € of #12 to @bo"


def test_a_wrong_branch(world: World) -> None:
    world.pay(5000)
    world.linked(base="next", base_is_default=False)
    assert shown(world).title == "Merging this into next pays nothing for #12"


def test_nothing_is_held(world: World) -> None:
    world.linked()
    assert shown(world).title == "Nothing is held for #12 yet"


def test_a_notice(world: World) -> None:
    contribution = world.pay(5000)
    world.linked()
    later(15)
    with transaction() as session:
        work.withdraw(session, contribution.id, world.actor(CLEO))
    assert "Notice of withdrawal was given: 50 €" in shown(world).summary


def test_a_stop_is_said_until_it_has_ended(world: World) -> None:
    world.connect(BO)
    world.pay(5000)
    world.linked()
    made = stop(world)
    assert shown(world).title == "Merging this releases 50 € of #12 to @bo, paid once a stop has ended"
    assert "We look." in shown(world).summary
    with transaction() as session:
        end_stop(session, made, "Nothing found.", OPERATOR)
    assert "stop" not in shown(world).title + shown(world).summary


def test_a_stop_asks_for_the_check_runs_of_what_it_holds(world: World) -> None:
    world.pay(5000)
    world.linked()
    with transaction() as session:
        session.execute(update(OutboxJob).values(finished_at=clock.real_now()))
    stop(world, StopScope.SITE)
    world.drain("work.")
    asked = [row for row in world.rows(OutboxJob) if row.name == "forge.sync_check" and row.finished_at is None]
    assert [row.args["claim"] for row in asked] == [world.claim().id]
