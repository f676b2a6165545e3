"""Sums by kind: carried forward by a job, the newest lines added by the reader; and the proof made with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import dispute, refund
from bountyhub.ledger.models import CarriedSum
from bountyhub.ledger.overview import Overview, overview
from bountyhub.ledger.sums import Sums, carry, sums
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, ask_refund, example_a, release_all

pytestmark = pytest.mark.usefixtures("database")


def read() -> Sums:
    with reading() as session:
        return sums(session)


def carry_on() -> int:
    with transaction() as session:
        return carry(session)


def look() -> Overview:
    with reading() as session:
        (found,) = overview(session)
    return found


@pytest.fixture(autouse=True)
def _time() -> None:
    clock.set_offset(timedelta(0))


def test_the_newest_entries_are_not_carried_yet_but_counted() -> None:
    example_a()
    assert carry_on() == 0
    assert read()[EUR, "escrow", "captured"] == -8501


def test_carrying_changes_no_sum_whenever_it_happens() -> None:
    example_a()
    clock.set_offset(timedelta(hours=2))
    before = read()
    assert carry_on() == 6 and carry_on() == 6
    assert read() == before
    release_all({"s1": 1})
    assert read()[EUR, "payable", "released"] == -8501
    clock.set_offset(timedelta(hours=4))
    assert carry_on() == 7
    with reading() as session:
        assert {row.upto for row in session.scalars(select(CarriedSum))} == {7}
        assert verify(session).sound


def test_a_sum_that_was_tampered_with_is_found_and_breaks_the_proof() -> None:
    example_a()
    clock.set_offset(timedelta(hours=2))
    carry_on()
    assert look().balanced
    with transaction() as session:
        session.execute(text("UPDATE ledger_sum SET amount = amount + 1 WHERE account_kind = 'escrow'"))
    assert not look().balanced
    with reading() as session:
        problems = [str(problem) for problem in verify(session).problems]
    assert problems == [
        "sum of captured on escrow in EUR is carried as -8500, its lines up to entry 6 sum to -8501 "
        "(broken: the sums carried forward are those of their lines)"
    ]


def test_a_sum_that_was_removed_is_found() -> None:
    example_a()
    clock.set_offset(timedelta(hours=2))
    carry_on()
    with transaction() as session:
        session.execute(text("DELETE FROM ledger_sum WHERE account_kind = 'escrow'"))
    with reading() as session:
        (problem,) = verify(session).problems
    assert str(problem).startswith("sum of captured on escrow in EUR is not carried at all, its lines sum to -8501 ")


def test_what_there_is_equals_what_is_owed_and_own() -> None:
    example_a()
    found = look()
    assert (found.clearing, found.owed, found.own_funds, found.captured) == (8799, 9001, -202, 9001)
    assert found.balanced and found.have == found.owed + found.own_funds
    release_all({"s1": 1}, holdback_percent=10)
    found = look()
    assert (found.released, found.fees_earned, found.held, found.costs) == (7651, 449, 850, 202)
    assert found.balanced


def test_money_that_came_back_is_counted_when_it_left() -> None:
    example_a()
    with transaction() as session:
        total = ask_refund(session, "r1", A, 5000)
    assert (look().returned, look().balanced) == (0, True)
    with transaction() as session:
        refund.debited(
            session, refund="r1", contribution="c1", amount=total, currency=EUR, outside_id="txn_r", effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
    assert (look().returned, look().balanced) == (5275, True)


def test_a_charge_back_costs_own_funds_once_and_the_proof_holds_all_the_time() -> None:
    example_a()
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution="c1", amount=6000, fee=1500, currency=EUR, outside_id="txn_d",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
    taken = look()
    assert (taken.covered, taken.charged_back, taken.losses, taken.balanced) == (5275, 6000, 0, True)
    with transaction() as session:
        dispute.lost(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)
    lost = look()
    assert (lost.covered, lost.losses, lost.balanced) == (0, 725, True)
    assert lost.own_funds == taken.own_funds == -202 - 1500 - 725
