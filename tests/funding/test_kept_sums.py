"""How much of a processing cost is kept: of parts, of moved and renewed money, with tax; and where it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub import settings
from bountyhub.funding import operations as funding
from bountyhub.funding.models import AgreedText, Contribution, Paper, Refund, RefundReason, RefundState
from bountyhub.funding.operations import quote
from bountyhub.funding.operations.buyers import BuyerDetails
from bountyhub.funding.operations.refunds import new_refund, quote_return, terms
from bountyhub.funding.rules import kept_cost, kept_of
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import refund as booking
from bountyhub.ledger.vat import vat_by_quarter
from bountyhub.work import operations as work
from tests.builders.keeping import COST, KEEP, income, refunds, renewed, take_back
from tests.builders.settings import play_settings
from tests.builders.world import CLEO, DARA, World, assert_books_are_right, later

VAT: dict[str, Any] = {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": Decimal(20), "DE": Decimal(19)}}


@pytest.fixture(autouse=True)
def keeping(world: World) -> None:
    settings.use(play_settings(**KEEP))


@pytest.mark.parametrize(("expected", "fee", "unit", "kept"), [
    (197, 275, 1, 197), (300, 275, 1, 275), (0, 275, 1, 0), (197, 0, 1, 0), (1239, 5000, 10, 1230), (9, 50, 10, 0),
])  # fmt: skip
def test_the_expected_cost_is_named_and_never_more_than_the_fee(expected: int, fee: int, unit: int, kept: int) -> None:
    assert kept_cost(expected, fee, unit=unit) == kept


@given(
    named=st.integers(0, 10_000), parts=st.lists(st.integers(1, 10_000), min_size=1, max_size=6),
    unit=st.sampled_from([1, 10]),
)  # fmt: skip
def test_parts_taken_back_one_by_one_keep_no_more_than_was_named(named: int, parts: list[int], unit: int) -> None:
    kept = [kept_of(named, part, sum(parts), most=named, unit=unit) for part in parts]
    assert sum(kept) <= named and all(each % unit == 0 or each == named for each in kept)
    assert kept_of(named, sum(parts), sum(parts), most=named - 1, unit=1) == max(named - 1, 0) or named == 0


def test_of_a_part_its_part_is_kept(world: World) -> None:
    """20.00 of 50.00 went back before, so 1.18 of 1.97 are kept of the rest."""
    contribution = world.pay(5000)
    later(20)
    with transaction() as session:
        row = session.get_one(Contribution, contribution.id)
        refund = new_refund(session, row, 2000 + 110, RefundReason.OBJECTION)
        booking.asked(
            session, refund=refund.ref, terms=terms(row), from_escrow=2000, effective_at=clock.now(), actor="x"
        )
    take_back(world, contribution)
    assert refunds(world)[1] == ("withdrawn", 3000 + 165 - 118, 118)
    assert world.send_refunds() == 5275 - 118
    assert world.contribution(contribution.id).state == "closed"
    assert_books_are_right()


def test_moved_money_keeps_the_sum_that_was_named(world: World) -> None:
    contribution, to = world.pay(5000), world.task(13)
    settings.use(play_settings(**KEEP, COST_PERCENT=Decimal(1)))
    with transaction() as session:
        moved = work.move(session, contribution.id, to, world.actor(CLEO))
    later(20)
    take_back(world, moved)
    assert (moved.kept_cost, refunds(world)) == (COST, [("withdrawn", 5275 - COST, COST)])
    assert_books_are_right()


@pytest.mark.parametrize(("first", "then", "kept"), [
    ({}, KEEP, 0), (KEEP, KEEP, COST), (KEEP, {}, 0), (KEEP, KEEP | {"COST_PERCENT": Decimal(4)}, COST),
])  # fmt: skip
def test_renewed_money_keeps_no_more_than_was_named(
    world: World, first: dict[str, Any], then: dict[str, Any], kept: int
) -> None:
    settings.use(play_settings(**first))
    contribution = world.pay(5000)
    settings.use(play_settings(**then))
    renewed(world, contribution)
    assert world.rows(Contribution)[1].kept_cost == kept


def test_money_that_came_in_another_amount_keeps_at_most_its_fee(world: World) -> None:
    contribution = world.capture(world.order(5000), Money(1100, "EUR"))
    with transaction() as session:
        matched = funding.match_suspended(session, contribution.id, world.actor(DARA))
    assert (matched.fee, matched.kept_cost) == (76, 76)


def pay_taxed(world: World) -> Contribution:
    with transaction() as session:
        order = funding.Order(
            world.task_id, Money(5000, "EUR"), "cleo@example.org", world.persons["cleo"].id, False, ids.new_ref(),
            buyer=BuyerDetails(country="FR"),
        )  # fmt: skip
        ref = funding.contribute(session, order).ref
    return world.capture(ref)


@pytest.mark.usefixtures("database")
def test_where_tax_is_computed_it_is_due_on_what_is_kept() -> None:
    """53.30 with tax may cost 1.99: kept with 0.40 of tax, which is due like that on earned fees."""
    world = World.begin(**KEEP, **VAT)
    contribution = pay_taxed(world)
    assert (contribution.kept_cost, contribution.kept_money) == (199, Money(239, "EUR"))
    later(20)
    take_back(world, contribution, shown=239)
    assert (refunds(world), income()) == ([("withdrawn", 5330 - 239, 239)], 199)
    with reading() as session:
        assert ledger.balance(session, "vat_due/FR", "EUR") == 40
        assert [row.earned for row in vat_by_quarter(session, clock.now().year)] == [40]
    world.send_refunds()
    assert_books_are_right()
    note = world.rows(Paper)[1].content
    assert [(row["text"], row["amount"]) for row in note["rows"]] == [
        ("Contribution", 5000), ("Service fee", 275), ("VAT on the service fee, 20 %, FR", 55),
        ("Processing cost kept, as named before paying", -199), ("VAT on it, 20 %, FR", -40),
    ]  # fmt: skip
    assert note["total"]["amount"] == 5330 - 239


def test_papers_name_it_at_both_ends(world: World) -> None:
    contribution = world.pay(5000)
    later(20)
    take_back(world, contribution)
    receipt, note = (paper.content for paper in world.rows(Paper))
    assert "1.97 EUR of it are kept for what processing the payment cost" in receipt["notes"][1]
    assert [(row["text"], row["amount"]) for row in note["rows"]][2:] == [
        ("Processing cost kept, as named before paying", -COST)
    ]
    assert note["total"]["amount"] == 5275 - COST


def test_what_was_agreed_to_names_the_sum(world: World) -> None:
    contribution = world.pay(5000)
    (text,) = world.rows(AgreedText)
    assert text.hash == contribution.consent_hash
    assert "Later, the processing cost named here is kept" in text.text
    assert "The processing cost named there: 1.97 EUR." in text.text


def test_a_refund_that_fails_and_is_asked_again_says_the_same(world: World) -> None:
    contribution = world.pay(5000)
    later(20)
    take_back(world, contribution)
    with reading() as session:
        assert quote_return(session, contribution, late=True).total == 0
    with transaction() as session:
        refund = session.get_one(Refund, 1)
        refund.state = RefundState.FAILED
        booking.failed_before_debit(
            session, refund=refund.ref, contribution=contribution.ref, amount=refund.total, currency="EUR",
            effective_at=clock.now(), actor="stripe",
        )  # fmt: skip
    with transaction() as session:
        again = funding.ask_again(session, refund.ref)
    assert (again.total, again.kept) == (5275 - COST, COST)
    assert_books_are_right()


def test_a_quote_names_nothing_while_the_operator_keeps_nothing(world: World) -> None:
    assert quote(Money(5000, "EUR")).kept_line == Money(COST, "EUR")
    assert quote(Money(5000, "EUR"), most_kept=5).kept_line == Money(5, "EUR")
    settings.use(play_settings())
    assert quote(Money(5000, "EUR")).kept_line == Money(0, "EUR")
