"""The claim's table, pair by pair, and the pure rules beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.work.models import ClaimState
from bountyhub.work.rules import (
    ClaimEvent,
    MergeFacts,
    UndoRefused,
    block_until,
    blocks_whole,
    is_independent,
    merge_event,
    next_state,
    was_shown,
    why_not_undone,
    window_until,
)

E = ClaimEvent
AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
#: Every pair that happens; all others are refused.
TABLE = {
    "linked": {
        E.UNLINKED: "unlinked", E.PULL_CLOSED: "closed", E.ANOTHER_MERGED: "superseded",
        E.MERGED_INDEPENDENT: "released", E.MERGED_WITHOUT_MONEY: "released", E.MERGED_WINDOW: "window",
        E.MERGED_LATE: "late", E.LANDED: "window",
    },
    "unlinked": {E.LINKED_AGAIN: "linked", E.MERGED_LATE: "late", E.LANDED: "window"},
    "closed": {E.LINKED_AGAIN: "linked", E.MERGED_LATE: "late", E.UNLINKED: "unlinked", E.LANDED: "window"},
    "superseded": {E.LINKED_AGAIN: "linked", E.WINNER_REFUSED: "late"},
    "late": {E.CONFIRMED: "window", E.LAPSED: "refused", E.UNLINKED: "refused", E.ANOTHER_MERGED: "superseded"},
    "window": {E.WINDOW_ENDED: "released", E.BLOCKED: "blocked", E.UNLINKED: "refused", E.REFUSED: "refused"},
    "blocked": {E.UNBLOCKED: "window", E.ACCEPTED: "released", E.REFUSED: "refused"},
    "released": {E.UNDONE: "undone"},
    "warranty": {E.UNDONE: "undone"},
}  # fmt: skip


@pytest.mark.parametrize(("state", "event"), list(product(ClaimState, ClaimEvent)))
def test_every_pair_of_state_and_event_is_as_the_design_says(state: ClaimState, event: ClaimEvent) -> None:
    assert next_state(state, event) == TABLE.get(state, {}).get(event)


def test_nothing_leaves_an_end() -> None:
    ends = {"refused", "undone"}
    assert {next_state(state, event) for state, event in product(ends, ClaimEvent)} == {None}


@pytest.mark.parametrize(
    ("state", "lives", "refused"),
    [
        ("released", [1], None),
        ("warranty", [9, 1], None),
        ("released", [0, 9], UndoRefused.TOO_LATE),
        ("released", [], UndoRefused.NOTHING_LEFT),
        ("window", [9], UndoRefused.NOT_RELEASED),
        ("undone", [9], UndoRefused.NOT_RELEASED),
    ],
)
def test_a_release_is_undone_before_the_first_of_its_money_has_to_leave(
    state: str, lives: list[int], refused: UndoRefused | None
) -> None:
    assert why_not_undone(state, [AT + timedelta(days=days) for days in lives], AT) is refused


def merge(merged_by: int | None = 2, **changes: Any) -> MergeFacts:
    values: dict[str, Any] = {
        "author": 1, "co_authors": frozenset(), "merged_by": merged_by, "merged_by_bot": False,
        "approvers": frozenset(), "maintainers": frozenset({1, 2, 3}),
    }  # fmt: skip
    return MergeFacts(**(values | changes))


@pytest.mark.parametrize(("facts", "independent"), [
    (merge(), True),
    (merge(merged_by=1), False),
    (merge(merged_by=None), False),
    (merge(merged_by=9), False),
    (merge(merged_by_bot=True), False),
    (merge(merged_by=1, approvers=frozenset({3})), True),
    (merge(merged_by=1, approvers=frozenset({1, 9})), False),
    (merge(co_authors=frozenset({2})), False),
    (merge(co_authors=frozenset({2}), approvers=frozenset({3})), True),
])  # fmt: skip
def test_independent_means_a_maintainer_who_is_not_on_the_author_side(facts: MergeFacts, independent: bool) -> None:
    assert is_independent(facts) is independent


@given(
    st.frozensets(st.integers(1, 5)), st.integers(1, 5) | st.none(), st.booleans(), st.frozensets(st.integers(1, 5)),
    st.frozensets(st.integers(1, 5)),
)  # fmt: skip
def test_the_author_side_never_makes_a_merge_independent(
    co_authors: frozenset[int], merged_by: int | None, bot: bool, approvers: frozenset[int], maintainers: frozenset[int]
) -> None:
    side = co_authors | {1}
    facts = MergeFacts(1, co_authors, merged_by, bot, approvers & side, maintainers)
    if merged_by is None or merged_by in side or bot:
        assert not is_independent(facts)


@pytest.mark.parametrize(("shown", "linked", "expected"), [
    (None, 0, False), (0, 0, True), (0.9, 0, True), (1, 0, False), (-5, 1, False), (-5, -5, True),
])  # fmt: skip
def test_shown_means_in_the_merges_second_or_before(shown: float | None, linked: float, expected: bool) -> None:
    moment = AT + timedelta(seconds=shown) if shown is not None else None
    assert was_shown(moment, AT, AT + timedelta(seconds=linked)) is expected


@pytest.mark.parametrize(("shown", "independent", "co_authors", "bot", "held"), list(product([True, False], repeat=5)))
def test_only_a_shown_independent_merge_of_one_person_pays_at_once(
    shown: bool, independent: bool, co_authors: bool, bot: bool, held: bool
) -> None:
    event = merge_event(shown=shown, independent=independent, co_authors=co_authors, bot=bot, held=held)
    at_once = shown and independent and not co_authors and not bot
    assert (event is E.MERGED_INDEPENDENT) is at_once
    assert (event is E.MERGED_LATE) is (bot or not shown)
    assert event is not E.MERGED_WITHOUT_MONEY or not held


@pytest.mark.parametrize(("objecting", "held", "whole"), [
    (0, 0, False), (0, 100, False), (33, 100, False), (34, 100, True), (1, 3, True), (5000, 15001, False),
])  # fmt: skip
def test_a_third_blocks_the_whole(objecting: int, held: int, whole: bool) -> None:
    assert blocks_whole(by_decider=False, objecting=objecting, held_at_merge=held) is whole
    assert blocks_whole(by_decider=True, objecting=objecting, held_at_merge=held)


@pytest.mark.parametrize(("lives", "days"), [([], 14), ([40], 14), ([19], 14), ([12], 7), ([40, 6], 3), ([1], 3)])
def test_the_facts_decide_in_14_days_five_before_the_money_dies_and_not_in_less_than_three(
    lives: list[int], days: int
) -> None:
    assert block_until(AT, [AT + timedelta(days=life) for life in lives]) == AT + timedelta(days=days)


@pytest.mark.parametrize(("lives", "days"), [([], 7), ([40], 7), ([12], 7), ([11], 6), ([9, 40], 4), ([1], 3)])
def test_a_window_ends_five_days_before_the_money_dies_but_never_in_less_than_three(
    lives: list[int], days: int
) -> None:
    assert window_until(AT, [AT + timedelta(days=life) for life in lives]) == AT + timedelta(days=days)
