"""On its last day money leaves by itself, wherever it lies: one test for each place, and for each state of a task."""

from __future__ import annotations

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.funding.operations import Renewal
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import dispute
from bountyhub.ledger import release as booking
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Payee, Share, ShareState, Transfer
from bountyhub.payouts.operations import Owed
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work import operations as work
from tests.builders.at_once import Work, at_once
from tests.builders.outside import Outside
from tests.builders.world import (
    BO,
    CLEO,
    World,
    account,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    paid,
)


def sweep(world: World) -> None:
    """Every job that may have something to do at the end of a life, twice: what it leaves the next one finds."""
    Outside().use()
    for _ in range(2):
        for name in ("payouts.sweep_unsendable", "funding.sweep_suspense", "work.sweep_lives"):
            world.sweep(name)


def gone_back(world: World, given: Contribution, total: int = 5275) -> None:
    assert [(row.contribution_id, row.total) for row in world.rows(Refund)] == [(given.id, total)]
    assert world.send_refunds() == total
    assert world.balances(given) == {}
    assert world.contribution(given.id).state == "closed"
    assert_books_are_right()


@pytest.mark.parametrize("state", ["open", "reserved", "merged", "completed", "cancelled"])
def test_escrow_whatever_its_task_is(world: World, state: str) -> None:
    given = world.pay()
    with transaction() as session:
        session.get_one(Task, world.task_id).state = TaskState(state)
    later(84)
    sweep(world)
    assert world.rows(Refund) == []
    later(1.1)
    sweep(world)
    gone_back(world, given)


@pytest.mark.usefixtures("database")
def test_what_is_held_back() -> None:
    world = World.begin()
    given = world.pay()
    with transaction() as session:
        task, row = session.get_one(Task, world.task_id), session.get_one(Contribution, given.id)
        task.state = TaskState.MERGED
        identity = session.query(Identity).filter(Identity.login == BO.login).one()
        share = payouts.owe_share(
            session, task=task, claim_id=0, payee=identity, payable=False, pieces=[Owed(row, 5000)]
        )  # fmt: skip
        share.state = ShareState.HELD_BACK
        booking.released(
            session, key="released:x", pieces=[booking.Piece(share.ref, row.ref, 5000, "holdback")],
            terms=[terms(row)], effective_at=clock.now(), actor="person",
        )  # fmt: skip
    later(86)
    sweep(world)
    assert owed_shares(world) == [(5000, "returned")]
    gone_back(world, given)
    assert world.read_task().state == "completed"


def test_what_is_kept(world: World) -> None:
    given = world.pay()
    world.record(merged(world.linked()))
    later(86)
    sweep(world)
    gone_back(world, given)


def test_what_is_payable_and_cannot_be_sent_however_short_it_waits(world: World) -> None:
    given = world.pay()
    later(80)
    world.connect(BO)
    world.record(merged(world.linked()))
    with transaction() as session:
        payee = session.query(Payee).one()
        payouts.record_account(session, account(payee.account or "", can_receive=False, submitted=True), payee.ref)
    for transfer in world.rows(Transfer):
        with transaction() as session:
            assert payouts.begin_transfer(session, transfer.id) is None
    later(4)
    sweep(world)
    assert [share.state for share in world.rows(Share)] == ["payable"]
    later(1.1)
    sweep(world)
    gone_back(world, given)


def test_what_a_won_dispute_brings_back_after_its_day(world: World) -> None:
    given = world.pay()
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution=given.ref, amount=5275, fee=1500, currency="EUR", outside_id="txn_d",
            effective_at=clock.now(), actor="stripe",
        )  # fmt: skip
    later(90)
    sweep(world)
    assert world.rows(Refund) == []
    with transaction() as session:
        dispute.won(
            session, dispute="d1", contribution=given.ref, currency="EUR", outside_id="txn_w",
            effective_at=clock.now(), actor="stripe",
        )  # fmt: skip
    sweep(world)
    gone_back(world, given)


def test_what_could_not_be_placed_goes_back_long_before(world: World) -> None:
    given = world.capture(world.order(5000), Money(5000, "EUR"))
    assert given.state == "suspended"
    later(8)
    sweep(world)
    gone_back(world, given, 5000)


def moved(world: World, given: Contribution, to: int) -> Contribution:
    with transaction() as session:
        return work.move(session, given.id, to, world.actor(CLEO))


def test_what_was_moved_and_then_disputed(world: World) -> None:
    new = moved(world, world.pay(), world.task(13))
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution=new.ref, amount=5275, fee=1500, currency="EUR", outside_id="txn_d",
            effective_at=clock.now(), actor="stripe",
        )  # fmt: skip
        dispute.lost(
            session, dispute="d1", contribution=new.ref, currency="EUR", effective_at=clock.now(), actor="stripe"
        )
    assert world.balances(new) == {}
    assert_books_are_right()


@pytest.fixture
def racing(postgresql: str) -> World:
    return World.begin()


@pytest.mark.parametrize("order", [0, 1])
def test_a_move_and_a_merge(racing: World, order: int) -> None:
    """The link is new: whoever commits first wins, and nothing is in two places."""
    to, given = racing.task(13), racing.pay()
    racing.connect(BO)
    done = merged(racing.linked(draft=True), draft=False)
    works: list[Work] = [
        lambda s: work.move(s, given.id, to, racing.actor(CLEO)),
        lambda s: work.record_pull_request(s, done, racing.permissions),
    ]
    at_once(*(works if order else works[::-1]))
    there = sum(racing.balances(row).get("escrow", 0) for row in racing.rows(Contribution) if row.task_id == to)
    assert sorted([there, sum(amount for amount, _ in owed_shares(racing))]) == [0, 5000]
    assert_books_are_right()


@pytest.mark.parametrize("order", [0, 1])
def test_a_renewal_and_a_merge(racing: World, order: int) -> None:
    """One of the two payments pays the developer or stays, the other goes back: never both, never neither."""
    given = racing.pay()
    racing.connect(BO)
    done = merged(racing.linked())
    with transaction() as session:
        ref = funding.renew(session, Renewal(given.id)).ref
    checkout = paid(ref, Money(5275, "EUR"))
    works: list[Work] = [
        lambda s: funding.record_checkout(s, ref, checkout),
        lambda s: work.record_pull_request(s, done, racing.permissions),
    ]
    at_once(*(works if order else works[::-1]))
    assert [row.total for row in racing.rows(Refund)] == [5275]
    assert owed_shares(racing) == [(5000, "payable")]
    assert_books_are_right()


def test_a_move_and_the_end_of_its_life(racing: World) -> None:
    to, given = racing.task(13), racing.pay()
    later(84.9999)
    at_once(
        lambda s: work.end_life(s, given.id),
        lambda s: work.move(s, given.id, to, racing.actor(CLEO)),
    )
    later(1)
    sweep(racing)
    assert [row.total for row in racing.rows(Refund)] == [5275]
    assert_books_are_right()


def test_two_moves_to_two_tasks(racing: World) -> None:
    """And back the other way at once: tasks are locked in one order."""
    to, first, given = racing.task(13), racing.pay(), racing.pay()
    there = moved(racing, first, to)
    at_once(
        lambda s: work.move(s, given.id, to, racing.actor(CLEO)),
        lambda s: work.move(s, there.id, racing.task_id, racing.actor(CLEO)),
        lambda s: work.move(s, given.id, to, racing.actor(CLEO)),
    )
    held = {task: sum(racing.balances(row).get("escrow", 0) for row in racing.rows(Contribution) if row.task_id == task)
            for task in (racing.task_id, to)}  # fmt: skip
    assert held == {racing.task_id: 5000, to: 5000}
    assert_books_are_right()
