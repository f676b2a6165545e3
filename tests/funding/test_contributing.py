"""Asking for a contribution: what is refused before a card is typed, and what a double click makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadAmount, NoFloat, TooMuchUnpaid
from bountyhub.funding.models import Contribution, Payment
from bountyhub.funding.operations import Order
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.people import operations as people
from bountyhub.people.errors import BadEmail
from bountyhub.ports.payments import CheckoutStatus
from bountyhub.tasks.errors import TaskTakesNoMoney
from tests.builders.world import CLEO, World, unpaid


def order(world: World, amount: int = 5000, currency: str = "EUR") -> Order:
    return Order(world.task_id, Money(amount, currency), "guest@example.org", None, anonymous=True, nonce="n1")


def ask(wanted: Order) -> Payment:
    with transaction() as session:
        return funding.contribute(session, wanted)


def test_amount_fee_and_total_are_fixed_before_the_card_is_typed(world: World) -> None:
    payment = ask(order(world))
    with reading() as session:
        asked = funding.order_of(session, payment)
    assert (str(asked.contribution), str(asked.fee)) == ("50.00 EUR", "2.75 EUR")
    assert (asked.reference, asked.email) == (payment.ref, "guest@example.org")
    assert world.contribution(payment.contribution_id).state == "pending"


def test_asking_again_for_the_same_payment_asks_for_exactly_the_same(world: World) -> None:
    payment = ask(order(world))
    with reading() as session:
        assert funding.order_of(session, payment) == funding.order_of(session, payment)


def test_a_double_click_is_one_contribution(world: World) -> None:
    assert ask(order(world)).ref == ask(order(world, amount=9900)).ref
    assert [c.amount for c in world.rows(Contribution)] == [5000]


@pytest.mark.parametrize("amount", [499, 0, -5, 1_000_001, 10**12])
def test_an_amount_outside_the_limits_is_refused(world: World, amount: int) -> None:
    with pytest.raises(BadAmount):
        ask(order(world, amount))
    assert world.rows(Contribution) == []


@pytest.mark.parametrize("amount", [500, 1_000_000])
def test_the_limits_themselves_are_allowed(amount: int, sqlite: str) -> None:
    world = World.begin(own_funds=10_000_000)
    assert ask(order(world, amount)).state == "planned"


def test_another_currency_than_the_tasks_is_refused(world: World) -> None:
    with pytest.raises(BadAmount, match="funded in EUR"):
        ask(order(world, currency="USD"))


@pytest.mark.parametrize(
    "email", ["", "cleo", "cleo@", "@example.org", "a b@example.org", "cleo@example", "a@b.c\nd@e.f"]
)
def test_a_receipt_needs_an_address(world: World, email: str) -> None:
    with pytest.raises(BadEmail):
        ask(replace(order(world), email=email))


def test_a_wanted_task_takes_no_money(world: World) -> None:
    wanted = world.task(14, opened=False)
    with pytest.raises(TaskTakesNoMoney):
        ask(replace(order(world), task_id=wanted))


def test_a_task_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        ask(replace(order(world), task_id=999))


def test_a_site_without_a_float_says_so_before_the_card_is_typed(sqlite: str) -> None:
    world = World.begin(own_funds=100)
    with pytest.raises(NoFloat):
        ask(order(world))


def test_open_checkouts_are_counted_until_they_expire(sqlite: str) -> None:
    """5275 costs at most 172 + 25: a float of 300 carries one such checkout, not two."""
    world = World.begin(own_funds=300)
    first = world.order(5000)
    with pytest.raises(NoFloat):
        world.order(5000)
    with transaction() as session:
        funding.record_checkout(session, first, unpaid(first, CheckoutStatus.EXPIRED))
    assert world.order(5000)


def test_one_network_reserves_a_quarter_of_own_funds_at_most_until_it_pays(world: World) -> None:
    """3 500 cost at most about 119 of the 125 that a float of 500 leaves to one network."""
    first = ask(replace(order(world, 350_000), asked_from="here"))
    other = replace(order(world, 30_000), nonce="n2", email="other@example.org", asked_from="here")
    with pytest.raises(TooMuchUnpaid):
        ask(other)
    with transaction() as session:
        funding.record_checkout(session, first.ref, unpaid(first.ref, CheckoutStatus.EXPIRED))
    assert ask(other).asked_from == "here"
    assert [payment.asked_from for payment in world.rows(Payment)] == [None, "here"]


def test_one_mail_reserves_a_quarter_of_own_funds_at_most(world: World) -> None:
    ask(order(world, 350_000))
    with pytest.raises(TooMuchUnpaid, match="You have begun"):
        ask(replace(order(world, 30_000), nonce="n2", email=" Guest@example.org"))


def test_one_task_reserves_half_of_own_funds_at_most(world: World) -> None:
    for number in (1, 2):
        ask(replace(order(world, 350_000), nonce=f"n{number}", email=f"{number}@example.org"))
    third = replace(order(world, 35_000), nonce="n3", email="3@example.org")
    with pytest.raises(TooMuchUnpaid, match="Other people have begun"):
        ask(third)
    assert ask(replace(third, task_id=world.task(15))).state == "planned"


def test_a_single_payment_larger_than_own_funds_bear_is_refused_with_advice(world: World) -> None:
    with pytest.raises(TooMuchUnpaid) as refused:
        ask(order(world, 1_000_000))
    assert "smaller amount" in refused.value.advice


def test_an_ordinary_payment_is_taken_with_little_own_funds(sqlite: str) -> None:
    assert ask(order(World.begin(own_funds=400), 10_000)).state == "planned"


def test_the_processors_cost_comes_out_of_the_operators_own_money(world: World) -> None:
    world.pay(5000)
    with reading() as session:
        assert ledger.own_funds(session, "EUR") == 50_000 - (5275 * 15 // 1000 + 25)


def test_money_paid_signed_out_joins_the_person_who_proves_the_address(world: World) -> None:
    given = world.pay(by=None, email="Guest@Example.org ")
    with transaction() as session:
        person = people.sign_in_with_mail(session, "guest@example.org")
        assert funding.join_contributions(session, person) == 1
        assert funding.join_contributions(session, person) == 0
    assert world.contribution(given.id).person_id == person.id


def test_money_paid_signed_out_stays_nameless_whoever_it_joins(world: World) -> None:
    given = world.pay(by=None, email="cleo@example.org")
    with transaction() as session:
        assert funding.join_contributions(session, world.persons["cleo"]) == 1
    assert world.contribution(given.id).anonymous


def test_nobody_else_gets_money_paid_signed_in(world: World) -> None:
    given = world.pay(by=CLEO, email="shared@example.org")
    with transaction() as session:
        person = people.sign_in_with_mail(session, "shared@example.org")
        assert funding.join_contributions(session, person) == 0
    assert world.contribution(given.id).person_id == world.persons["cleo"].id
