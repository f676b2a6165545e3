"""The contribution's table, pair by pair; the fee; the ways back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.funding.models import ContributionState
from bountyhub.funding.rules import (
    FundingEvent,
    Way,
    WithdrawalFacts,
    expected_cost,
    fee_for,
    next_state,
    way_back,
)

E = FundingEvent
AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
TABLE = {
    "pending": {E.CAPTURED: "held", E.MISMATCHED: "suspended", E.DECLINED: "failed", E.EXPIRED: "abandoned"},
    "failed": {E.CAPTURED: "held", E.MISMATCHED: "suspended", E.DECLINED: "failed", E.EXPIRED: "abandoned"},
    "abandoned": {E.CAPTURED: "held", E.MISMATCHED: "suspended"},
    "suspended": {E.EMPTIED: "closed", E.MATCHED: "held"},
    "held": {E.EMPTIED: "closed"},
    "closed": {E.CAME_BACK: "held"},
}


@pytest.mark.parametrize(("state", "event"), list(product(ContributionState, FundingEvent)))
def test_every_pair_of_state_and_event_is_as_the_design_says(state: ContributionState, event: FundingEvent) -> None:
    assert next_state(state, event) == TABLE[state].get(event)


@pytest.mark.parametrize(("amount", "fee"), [(5000, 275), (2500, 150), (1001, 75), (500, 50), (10, 26), (1, 25)])
def test_the_fee_is_five_percent_and_a_quarter_halves_rounded_up(amount: int, fee: int) -> None:
    assert fee_for(amount, basis_points=500, fixed=25) == fee


@given(st.integers(0, 10**11), st.integers(0, 3000), st.integers(0, 500))
def test_a_fee_is_whole_within_half_a_unit_and_never_negative(amount: int, points: int, fixed: int) -> None:
    fee = fee_for(amount, basis_points=points, fixed=fixed)
    assert type(fee) is int
    assert abs((fee - fixed) * 10000 - amount * points) <= 5000


@given(st.integers(0, 10**10), st.integers(0, 3000), st.integers(0, 50))
def test_in_a_currency_that_moves_in_tens_a_total_ends_in_0(tens: int, points: int, fixed: int) -> None:
    fee = fee_for(tens * 10, basis_points=points, fixed=fixed * 10, unit=10)
    assert fee % 10 == 0
    assert abs((fee - fixed * 10) * 10000 - tens * 10 * points) <= 50_000


@given(st.integers(0, 10**11), st.integers(0, 2000))
def test_the_expected_cost_is_never_below_what_it_can_be(total: int, points: int) -> None:
    assert 0 <= expected_cost(total, basis_points=points, fixed=25) * 10000 - 250000 - total * points < 10000


def facts(days: float, **changes: Any) -> WithdrawalFacts:
    values: dict[str, Any] = {
        "escrow": 5000, "captured_at": AT, "now": AT + timedelta(days=days), "cooling_off": timedelta(days=14),
        "task_state": "open", "ready_pull": False, "late_claim": False,
    }  # fmt: skip
    return WithdrawalFacts(**(values | changes))


@pytest.mark.parametrize(("case", "way"), [
    (facts(1), Way.AT_ONCE),
    (facts(1, ready_pull=True), Way.AT_ONCE),
    (facts(13.99, task_state="merged"), Way.AT_ONCE),
    (facts(13.99, task_state="reserved"), Way.AT_ONCE),
    (facts(14), Way.AT_ONCE),
    (facts(14, ready_pull=True), Way.NOTICE),
    (facts(14, late_claim=True), Way.NOTICE),
    (facts(14, task_state="merged"), Way.NOT_NOW),
    (facts(14, task_state="reserved"), Way.NOT_NOW),
    (facts(1, escrow=0), Way.NOTHING_LEFT),
    (facts(99, escrow=0, task_state="completed"), Way.NOTHING_LEFT),
])  # fmt: skip
def test_how_money_can_be_taken_back(case: WithdrawalFacts, way: Way) -> None:
    assert way_back(case) is way


def test_an_operator_without_cooling_off_days_still_gives_money_back_while_nothing_is_ready() -> None:
    none = timedelta(0)
    assert way_back(facts(0, cooling_off=none)) is Way.AT_ONCE
    assert way_back(facts(0, cooling_off=none, ready_pull=True)) is Way.NOTICE
