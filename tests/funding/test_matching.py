"""Money that was not as agreed: held for its task by the operator's word, or sent back before its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import CantMatch
from bountyhub.funding.models import Contribution, Refund
from bountyhub.funding.rules import fee_for, split_received, vat_on
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from tests.builders.world import ANA, DARA, World, assert_books_are_right


def wrong(world: World, amount: int = 5270, currency: str = "EUR") -> Contribution:
    return world.capture(world.order(5000), Money(amount, currency))


def match(world: World, contribution: Contribution) -> Contribution:
    with transaction() as session:
        return funding.match_suspended(session, contribution.id, world.actor(DARA))


def send_back(world: World, contribution: Contribution) -> Refund:
    with transaction() as session:
        return funding.send_back_suspended(session, contribution.id, world.actor(DARA))


@given(
    received=st.integers(1, 10**9), basis_points=st.integers(0, 3000), fixed=st.integers(0, 500),
    tax=st.integers(0, 3000),
)  # fmt: skip
def test_what_came_is_split_into_an_amount_its_fee_and_the_tax_on_it(
    received: int, basis_points: int, fixed: int, tax: int
) -> None:
    amount, fee, vat = split_received(received, basis_points=basis_points, fixed=fixed, tax=tax)
    assert amount + fee + vat == received
    if amount:
        exact = fee_for(amount, basis_points=basis_points, fixed=fixed)
        assert vat == vat_on(exact, tax)
        assert 0 <= fee - exact <= 2
    else:
        one = fee_for(1, basis_points=basis_points, fixed=fixed)
        assert 1 + one + vat_on(one, tax) > received


@pytest.mark.usefixtures("database")
def test_it_is_held_for_what_it_is_worth_however_often_the_button_is_pressed() -> None:
    world = World.begin()
    contribution = wrong(world)
    match(world, contribution)
    matched = match(world, contribution)
    assert (matched.state, matched.amount, matched.fee) == ("held", 4995, 275)
    assert world.balances(contribution) == {"escrow": 4995, "fee_held": 275}
    assert world.actions("contribution").count("contribution_matched") == 1
    assert_books_are_right()


def test_what_was_matched_can_be_withdrawn_whole(world: World) -> None:
    contribution = match(world, wrong(world, 6000))
    with transaction() as session:
        work.withdraw(session, contribution.id, world.actor(ANA))
    assert world.send_refunds() == 6000
    assert world.contribution(contribution.id).state == "closed"
    assert_books_are_right()


def test_another_currency_can_only_go_back(world: World) -> None:
    contribution = wrong(world, 5275, "USD")
    with pytest.raises(CantMatch, match="funded in EUR"):
        match(world, contribution)
    refund = send_back(world, contribution)
    assert (refund.total, refund.currency) == (5275, "USD")


def test_less_than_the_fee_can_only_go_back(world: World) -> None:
    with pytest.raises(CantMatch):
        match(world, wrong(world, 20))


def test_sending_it_back_twice_is_one_refund(world: World) -> None:
    contribution = wrong(world)
    assert send_back(world, contribution).id == send_back(world, contribution).id
    with pytest.raises(CantMatch, match="on its way back"):
        match(world, contribution)
    assert world.send_refunds() == 5270


def test_what_was_matched_is_not_sent_back_by_that_button(world: World) -> None:
    contribution = match(world, wrong(world))
    with pytest.raises(CantMatch):
        send_back(world, contribution)


def test_a_task_that_is_over_takes_nothing(world: World) -> None:
    contribution = wrong(world)
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), Permission.ADMIN, "No.")
    with pytest.raises(CantMatch, match="takes no money"):
        match(world, contribution)


def test_the_list_shows_what_waits(world: World) -> None:
    contribution = wrong(world)
    with reading() as session:
        [one] = funding.suspended(session)
    assert one.contribution.id == contribution.id
    assert one.can_be_matched and one.amount == Money(4995, "EUR")
    send_back(world, contribution)
    with reading() as session:
        assert funding.suspended(session) == []
