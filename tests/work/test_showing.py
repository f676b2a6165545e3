"""Whatever changes a task's sentence, its claims' check runs are brought up to date like the issue's comment."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bountyhub import settings
from bountyhub.events.models import OutboxJob
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Refund
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Share, Transfer, WaitReason
from bountyhub.people.operations import CLOCK
from bountyhub.ports.payments import RefundStatus
from bountyhub.work import operations as work
from tests.builders.settings import play_settings
from tests.builders.world import ANA, BO, World, later, merged, refunded


def everything_done() -> None:
    with transaction() as session:
        session.execute(update(OutboxJob).values(finished_at=clock.real_now()))


def check_runs_asked_for(world: World) -> list[int]:
    world.drain("work.refresh_claims")
    return [job["claim"] for job in world.jobs("forge.sync_check")]


def test_an_announced_end_reaches_the_check_run(world: World) -> None:
    world.pay(5000)
    world.linked()
    everything_done()
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "No time.")
    assert check_runs_asked_for(world) == [world.claim().id]


def test_an_end_taken_back_reaches_the_check_run(world: World) -> None:
    world.pay(5000)
    world.linked()
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "No time.")
    everything_done()
    with transaction() as session:
        work.uncancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA))
    assert check_runs_asked_for(world) == [world.claim().id]


def test_a_kept_share_that_lapsed_reaches_the_check_run(world: World) -> None:
    paid = world.pay(5000)
    world.record(merged(world.linked()))
    everything_done()
    later(86)
    with transaction() as session:
        work.end_life(session, paid.id)
    assert check_runs_asked_for(world) == [world.claim().id]


def asked_for(world: World) -> tuple[int, int]:
    """How many comments and check runs are asked for."""
    world.drain("work.share_moved")
    return len(world.jobs("forge.sync_comment")), len(world.jobs("forge.sync_check"))


def released(world: World) -> Transfer:
    """Bo's share and its transfer, with everything said."""
    world.pay(5000)
    world.connect(BO)
    world.record(merged(world.linked()))
    everything_done()
    found: Transfer = world.rows(Transfer)[0]
    return found


def begin(transfer: Transfer) -> None:
    with transaction() as session:
        payouts.begin_transfer(session, transfer.id)


def test_a_transfer_that_waits_for_fresh_money_reaches_comment_and_check_run_once(world: World) -> None:
    settings.use(play_settings(FRESH_DAYS=7))
    transfer = released(world)
    begin(transfer)
    assert world.step().text.startswith("50 € leave for @bo on")
    assert asked_for(world) == (1, 1)
    everything_done()
    begin(transfer)
    assert asked_for(world) == (0, 0)
    later(7.1)
    begin(transfer)
    assert world.step().text == "50 € are on their way to @bo."
    assert asked_for(world) == (1, 1)


def test_a_refused_transfer_and_what_is_kept_then_reach_comment_and_check_run(world: World) -> None:
    transfer = released(world)
    begin(transfer)
    with transaction() as session:
        payouts.refuse_transfer(session, transfer.id, WaitReason.ACCOUNT)
    assert world.step().text == "50 € wait for @bo’s payout account."
    assert asked_for(world) == (1, 1)
    everything_done()
    with transaction() as session:
        payouts.keep_unsendable(session, session.get_one(Share, transfer.share_id), CLOCK)
    assert world.step().text.startswith("50 € are kept for @bo")
    assert asked_for(world) == (1, 1)


@pytest.mark.parametrize(("status", "says"), [
    (RefundStatus.SUCCEEDED, "Cancelled; all money went back to its backers."),
    (RefundStatus.FAILED, "Cancelled; money that a bank refused is kept for its backer."),
])  # fmt: skip
def test_what_became_of_the_money_of_a_cancelled_task_reaches_the_comment(
    world: World, status: RefundStatus, says: str
) -> None:
    world.pay(5000)
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "No time.")
    assert world.step().text == "Cancelled; all money is on its way back to its backers."
    everything_done()
    with transaction() as session:
        done = status is RefundStatus.SUCCEEDED
        funding.record_refund(session, refunded(world.rows(Refund)[0], status, debited=done))
    world.drain("work.")
    assert (len(world.jobs("forge.sync_comment")), world.step().text) == (1, says)


def test_asking_for_the_check_runs_asks_for_nothing_else(world: World) -> None:
    world.pay(5000)
    world.linked()
    everything_done()
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "No time.")
    assert check_runs_asked_for(world) == [world.claim().id]
    assert len(world.jobs("forge.sync_comment")) == 1
    assert world.jobs("work.refresh_claims") == []
