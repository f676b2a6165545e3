"""Splitting and fee arithmetic: the design's figures, and what must hold for any figures."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.ledger.rules import fill, part_due, plan_release, split

amounts = st.integers(min_value=0, max_value=10**11)
names = st.text("abcdefgh0123", min_size=1, max_size=4)
weights = st.dictionaries(names, st.integers(0, 10**6), min_size=1, max_size=8).filter(lambda w: sum(w.values()) > 0)
contributions = st.dictionaries(names, st.integers(1, 10**8), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (10001, [1, 1, 1], [3334, 3334, 3333]),
        (3000, [5000, 2500, 1001], [1765, 882, 353]),
        (8501, [50, 30, 20], [4251, 2550, 1700]),
        (0, [1, 2], [0, 0]),
        (2, [0, 1], [0, 2]),
        (1, [1, 1, 1], [1, 0, 0]),
    ],
)
def test_a_split_by_largest_remainder(total: int, shares: list[int], parts: list[int]) -> None:
    assert list(split(total, {f"p{i}": share for i, share in enumerate(shares)}).values()) == parts


@given(amounts, weights)
def test_a_split_is_exact_and_nobody_is_a_unit_off(total: int, shares: dict[str, int]) -> None:
    parts, whole = split(total, shares), sum(shares.values())
    assert sum(parts.values()) == total
    for name, part in parts.items():
        assert 0 <= part * whole - (total * shares[name] // whole) * whole <= whole


@given(amounts, weights)
def test_a_split_does_not_depend_on_the_order_of_its_names(total: int, shares: dict[str, int]) -> None:
    assert split(total, dict(sorted(shares.items(), reverse=True))) == split(total, dict(sorted(shares.items())))


@given(amounts, weights)
def test_who_weighs_more_never_gets_less_and_ties_go_by_name(total: int, shares: dict[str, int]) -> None:
    parts = split(total, shares)
    ranked = sorted(shares, key=lambda name: (-shares[name], name))
    assert [parts[name] for name in ranked] == sorted(parts.values(), reverse=True)


@given(st.integers(0, 10**6), contributions, st.integers(2, 9))
def test_a_split_by_what_each_holds_takes_from_none_more_than_that(part: int, rows: dict[str, int], n: int) -> None:
    total = min(part * n, sum(rows.values()))
    assert all(taken <= rows[name] for name, taken in split(total, rows).items())


@pytest.mark.parametrize(("total", "shares"), [(-1, {"a": 1}), (1, {}), (1, {"a": 0}), (1, {"a": -1, "b": 3})])
def test_a_split_without_sense_is_refused(total: int, shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="split"):
        split(total, shares)


def test_five_hundred_contributions_to_three_payees_miss_no_cent() -> None:
    plan = plan_release({f"c{i:03}": 500 for i in range(500)}, {"p1": 1, "p2": 1, "p3": 1})
    totals = Counter[str]()
    for piece in plan:
        totals[piece.payee] += piece.amount
    assert totals == {"p1": 83334, "p2": 83333, "p3": 83333}
    assert len(plan) <= 502
    assert totals["p1"] - 500 * (500 // 3) == 334  # what rounding each of them down would miss


@given(contributions, weights, st.integers(0, 100))
def test_a_planned_release_is_exact_on_both_margins(rows: dict[str, int], payees: dict[str, int], percent: int) -> None:
    plan = plan_release(rows, payees, percent)
    totals = split(sum(rows.values()), payees)
    by_row, by_payee, held = Counter[str](), Counter[str](), Counter[str]()
    for piece in plan:
        assert piece.amount > 0
        by_row[piece.contribution] += piece.amount
        by_payee[piece.payee] += piece.amount
        held[piece.payee] += piece.amount * piece.held_back
    assert by_row == rows
    assert +by_payee == +Counter(totals)
    assert all(held[payee] == total * percent // 100 for payee, total in totals.items())
    assert len(plan) <= 2 * (len(rows) + len(payees) - 1)


@given(st.dictionaries(names, st.integers(0, 10**8), max_size=8), weights)
def test_a_fill_is_exact_on_both_margins_with_few_cells(rows: dict[str, int], payees: dict[str, int]) -> None:
    columns = split(sum(rows.values()), payees)
    cells = fill(rows, columns)
    by_row, by_column = Counter[str](), Counter[str]()
    for cell in cells:
        assert cell.amount > 0
        by_row[cell.row] += cell.amount
        by_column[cell.column] += cell.amount
    assert by_row == +Counter(rows)
    assert by_column == +Counter(columns)
    assert len(cells) <= max(0, len(rows) + len(columns) - 1)
    assert cells == sorted(cells, key=lambda cell: (cell.row, cell.column))


def test_a_fill_of_unequal_margins_is_refused() -> None:
    with pytest.raises(ValueError, match="same sum"):
        fill({"a": 1}, {"b": 2})


@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.booleans(), st.integers(1, 10**6)), min_size=1, max_size=12),
)
def test_earned_and_returned_fees_never_exceed_the_fee(fee: int, movements: list[tuple[bool, int]]) -> None:
    amount = sum(part for _, part in movements)
    moved, taken = {True: 0, False: 0}, {True: 0, False: 0}
    for pays, part in movements:
        moved[pays] += part
        due = part_due(fee, amount, moved[pays], taken[pays])
        assert due >= 0
        taken[pays] += due
        assert taken[pays] == fee * moved[pays] // amount
    assert fee - 1 <= sum(taken.values()) <= fee


def test_in_a_currency_that_moves_in_tens_every_piece_does() -> None:
    plan = plan_release({"c1": 5050, "c2": 1010}, {"p1": 1, "p2": 1, "p3": 1}, 10, unit=10)
    assert all(piece.amount % 10 == 0 for piece in plan)
    assert sum(piece.amount for piece in plan) == 6060
    assert part_due(350, 5000, 2500, 0, unit=10) == 170
    with pytest.raises(ValueError, match="multiple of 10"):
        plan_release({"c1": 5055}, {"p1": 1}, unit=10)
