"""A bank and somebody else at the same moment: two real threads on PostgreSQL, whoever commits first."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Dispute
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer
from bountyhub.ports.disputes import DisputeInfo
from bountyhub.work import operations as work
from bountyhub.work.operations.disputes import record_dispute
from tests.builders.at_once import Work, at_once
from tests.builders.world import BO, CLEO, World, assert_books_are_right, merged
from tests.work.bank import Bank


@pytest.fixture
def world(postgresql: str) -> World:
    made = World.begin()
    made.connect(BO)
    return made


def both_ways(order: int, *works: Work) -> list[object]:
    return at_once(*(works if order else works[::-1]))


def frozen(world: World) -> int:
    with reading() as session:
        refs = [row.ref for row in world.rows(Dispute)]
        return sum(ledger.balances_by_owner(session, refs, "frozen").values())


def ends(world: World, bank: Bank, history: list[DisputeInfo]) -> None:
    """Whatever came first: the bank decides for us, and what it had goes on."""
    for said in history:
        bank.say(said)
    assert [(row.ending, row.state) for row in world.rows(Dispute)] == [("won", "won")]
    assert frozen(world) == 0
    world.send_transfers()
    world.send_refunds()
    assert_books_are_right()


@pytest.mark.parametrize("order", [0, 1])
def test_the_same_charge_back_heard_twice(world: World, order: int) -> None:
    given = world.pay(5000)
    bank = Bank.of(world, given)
    history = bank.history("won")
    say: Work = lambda s: record_dispute(s, history[0])  # noqa: E731
    both_ways(order, say, say)
    assert frozen(world) == 5275
    ends(world, bank, history)
    assert world.balances(given) == {"escrow": 5000, "fee_held": 275}


@pytest.mark.parametrize("order", [0, 1])
def test_a_charge_back_and_a_merge(world: World, order: int) -> None:
    given = world.pay(5000)
    bank, done = Bank.of(world, given), merged(world.linked())
    history = bank.history("won")
    both_ways(
        order, lambda s: record_dispute(s, history[0]), lambda s: work.record_pull_request(s, done, world.permissions)
    )
    assert world.send_transfers() == 0, "the bank has it"
    ends(world, bank, history)
    assert world.balances(given) == {}
    assert [(row.amount, row.state) for row in world.rows(Transfer)] == [(5000, "confirmed")]


@pytest.mark.parametrize("order", [0, 1])
def test_a_charge_back_and_a_withdrawal(world: World, order: int) -> None:
    given = world.pay(5000)
    bank = Bank.of(world, given)
    history = bank.history("won")
    both_ways(order, lambda s: record_dispute(s, history[0]), lambda s: work.withdraw(s, given.id, world.actor(CLEO)))
    ends(world, bank, history)
    assert sum(world.balances(given).values()) in (0, 5275)


@pytest.mark.parametrize("order", [0, 1])
def test_a_charge_back_and_a_transfer(world: World, order: int) -> None:
    """Begun before, it is the operator's loss at worst; begun after, it waits for the bank."""
    given = world.pay(5000)
    bank = Bank.of(world, given)
    world.record(merged(world.linked()))
    [transfer] = world.rows(Transfer)
    history = bank.history("won")
    asked = both_ways(
        order, lambda s: record_dispute(s, history[0]), lambda s: payouts.begin_transfer(s, transfer.id) is not None
    )
    went = asked[1] if order else asked[0]
    assert frozen(world) == (0 if went is True else 5000)
    ends(world, bank, history)
    assert [(row.amount, row.state) for row in world.rows(Transfer)] == [(5000, "confirmed")]


@pytest.mark.parametrize("order", [0, 1])
def test_lost_and_a_warning(world: World, order: int) -> None:
    given = world.pay(5000)
    bank = Bank.of(world, given)
    history = bank.history("lost")
    bank.say(history[0])
    both_ways(
        order, lambda s: record_dispute(s, history[-1]),
        lambda s: work.record_fraud_warning(s, bank.warning()),
    )  # fmt: skip
    assert {row.kind: row.ending for row in world.rows(Dispute)}["dispute"] == "lost"
    assert frozen(world) == 0
    assert_books_are_right()
