"""An undone release beside whatever else happens in that moment: two real threads on PostgreSQL, in every order."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Reversal, Transfer
from bountyhub.payouts.operations.undoing import begin_reversal
from bountyhub.people.models import Person
from bountyhub.ports.payments import TransferResult
from bountyhub.work import operations as work
from bountyhub.work.operations.undoing import bring_back
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.undoing import confirm, propose, released
from tests.builders.world import BO, EVE, World, account, assert_books_are_right, issue, later, owed_shares, transferred

HELD = {"escrow": 5000, "fee_held": 275}


@pytest.fixture
def world(postgresql: str) -> World:
    return World.begin()


def balances(world: World, id: int = 1) -> dict[str, int]:
    return {kind: amount for kind, amount in world.balances(world.contribution(id)).items() if amount}


def work_on(world: World) -> None:
    world.drain("payouts.", "work.", "funding.")


def came_back(world: World, outside: Outside) -> TransferResult:
    """The processor took the only transfer back; nobody here heard of it yet."""
    [row] = world.rows(Reversal)
    with transaction() as session:
        asking = begin_reversal(session, row.id)
    assert asking is not None
    return outside.gateway.reverse_transfer(asking.order, asking.order.reference)


def test_the_outcome_of_a_transfer(world: World) -> None:
    released(world, 5000, 2500)
    outside, eve = Outside().use(), world.actor(EVE)
    first, second = world.rows(Transfer)
    with transaction() as session:
        payouts.begin_transfer(session, first.id)
    row = propose(world)
    said = transferred(first.ref, first)
    outside.gateway.transfers[first.ref] = said
    at_once(
        lambda session: work.confirm_undo(session, row.id, eve), lambda session: payouts.record_transfer(session, said)
    )
    work_on(world)
    assert (balances(world), balances(world, 2)) == (HELD, {"escrow": 2500, "fee_held": 150})
    assert world.rows(Transfer)[0].id == first.id != second.id
    assert_books_are_right()


def test_a_payee_who_connects(world: World) -> None:
    released(world, connected=False)
    row, eve = propose(world), world.actor(EVE)
    with transaction() as session:
        payee = payouts.ask_account(session, session.get_one(Person, world.persons["bo"].id))
    at_once(
        lambda session: work.confirm_undo(session, row.id, eve),
        lambda session: payouts.record_account(session, account(f"acct_{BO.login}"), reference=payee.ref),
    )
    work_on(world)
    assert (balances(world), owed_shares(world), world.rows(Transfer)) == (HELD, [(5000, "returned")], [])
    assert_books_are_right()


def test_the_same_news_by_job_and_webhook(world: World) -> None:
    released(world)
    outside = Outside().use()
    world.drain("payouts.", "work.")
    confirm(world, propose(world))
    said = came_back(world, outside)
    at_once(*[lambda session: payouts.record_transfer(session, said)] * 2)
    claim = world.claim().id
    at_once(*[lambda session: bring_back(session, claim)] * 2)
    work_on(world)
    assert (balances(world), [str(row.state) for row in world.rows(Reversal)]) == (HELD, ["done"])
    assert_books_are_right()


def test_the_end_of_the_task(world: World) -> None:
    """Whoever is first: what came back is held no longer than its task lives."""
    released(world)
    outside = Outside().use()
    world.drain("payouts.", "work.")
    world.record_issue(issue(12, is_open=False))
    confirm(world, propose(world))
    said = came_back(world, outside)
    with transaction() as session:
        payouts.record_transfer(session, said)
    later(15)
    claim, task = world.claim().id, world.task_id
    at_once(lambda session: bring_back(session, claim), lambda session: work.end_due(session, task))
    work_on(world)
    assert str(world.read_task().state) == "cancelled"
    assert [refund.amount.amount for refund in outside.gateway.refunds.values()] == [5275]
    assert_books_are_right()


def test_the_end_of_the_moneys_life(world: World) -> None:
    released(world, connected=False)
    row, eve = propose(world), world.actor(EVE)
    at_once(lambda session: work.confirm_undo(session, row.id, eve), lambda session: work.end_life(session, 1))
    assert balances(world) == HELD
    later(86)
    with transaction() as session:
        work.end_life(session, 1)
    assert world.send_refunds() == 5275
    assert_books_are_right()
