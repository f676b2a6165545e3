"""Transfers that came back after they were confirmed: recorded once, said, and returned at the end of their life."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.pages.contexts.activity import activity
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer
from bountyhub.ports.payments import Reversal
from tests.builders.outside import Outside
from tests.builders.world import BO, DARA, World, assert_books_are_right, later, merged, owed_shares, transferred


def paid_out(world: World) -> None:
    """50 € of Cleo's and 25 € of Dara's reached Bo."""
    world.pay(5000)
    world.pay(2500, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    assert world.send_transfers() == 2


def come_back(world: World, *amounts: int) -> None:
    """The processor says that so much of the first transfer was reversed."""
    first: Transfer = world.rows(Transfer)[0]
    back = tuple(Reversal(Money(a, "EUR"), f"txn_back_{n}", clock.now()) for n, a in enumerate(amounts))
    said = replace(transferred(first.ref, first), reversed=sum(amounts), reversals=back)
    with transaction() as session:
        payouts.record_transfer(session, said)


def sweep(world: World) -> None:
    for name in ("payouts.sweep_transfers", "payouts.sweep_unsendable", "work.sweep_lives", "payouts.sweep_kept"):
        world.sweep(name)
        world.drain("payouts.")


@pytest.mark.usefixtures("database")
def test_a_reversed_transfer_is_payable_again_and_sent_by_nobody() -> None:
    world, outside = World.begin(), Outside().use()
    paid_out(world)
    for _ in range(3):
        come_back(world, 5000)
    sweep(world)
    first = world.rows(Transfer)[0]
    assert (str(first.state), first.reversed, owed_shares(world)) == ("reversed", 5000, [(7500, "payable")])
    assert world.step().text.startswith("A transfer to @bo came back")
    assert [world.balances(c) for c in (world.contribution(1), world.contribution(2))] == [{"payable": 5000}, {}]
    assert (str(world.contribution(1).state), outside.gateway.calls) == ("held", [])
    assert_books_are_right()


def test_the_tasks_activity_says_that_it_came_back(world: World) -> None:
    paid_out(world)
    come_back(world, 1000)
    with reading() as session:
        said = [line.text for line in activity(session, [("share", [1])], "EUR")]
    assert said[0] == "A transfer came back from the payment provider: 10 €"


def test_what_came_back_in_two_parts_is_booked_in_two(world: World) -> None:
    paid_out(world)
    come_back(world, 1000)
    come_back(world, 1000, 500)
    assert world.balances(world.contribution(1)) == {"payable": 1500}
    assert_books_are_right()


@pytest.mark.parametrize(("amount", "back", "left"), [(5000, 5275, 2500), (2000, 2110, 5500)])
def test_at_the_end_of_its_life_what_came_back_is_returned(world: World, amount: int, back: int, left: int) -> None:
    Outside().use()
    paid_out(world)
    come_back(world, amount)
    later(86)
    sweep(world)
    sweep(world)
    assert (owed_shares(world), world.send_refunds()) == ([(left, "paid")], back)
    assert str(world.contribution(1).state) == "closed"
    assert_books_are_right()
