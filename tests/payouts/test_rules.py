"""The share's table, pair by pair; when a transfer may leave; what an account's words mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bountyhub.payouts.models import ShareState
from bountyhub.payouts.rules import ShareEvent, foremost, leaves_at, next_state, payee_state

E = ShareEvent
AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
TABLE = {
    "kept": {
        E.CLAIMED: "payable", E.RETURNED: "returned", E.REST_LAPSED: "paid", E.TAKEN_BACK: "returned",
        E.REST_TAKEN_BACK: "paid",
    },
    "held_back": {E.CLAIMED: "payable", E.RETURNED: "returned", E.TAKEN_BACK: "returned"},
    "payable": {
        E.SENT: "transferring", E.UNSENDABLE: "kept", E.TAKEN_BACK: "returned", E.REST_TAKEN_BACK: "paid",
    },
    "paid": {E.REVERSED: "payable", E.THAWED: "payable"},
    "transferring": {E.REFUSED: "payable", E.SENT_IN_PART: "payable", E.PAID: "paid"},
}  # fmt: skip


@pytest.mark.parametrize(("state", "event"), list(product(ShareState, ShareEvent)))
def test_every_pair_of_state_and_event_is_as_the_design_says(state: ShareState, event: ShareEvent) -> None:
    assert next_state(state, event) == TABLE.get(state, {}).get(event)


@pytest.mark.parametrize(("fresh", "available", "leaves"), [(7, 2, 7), (0, 2, 2), (7, 9, 9), (0, None, 0), (0, -1, 0)])
def test_money_leaves_when_it_is_neither_fresh_nor_on_its_way(fresh: int, available: int | None, leaves: int) -> None:
    arrives = AT + timedelta(days=available) if available is not None else None
    assert leaves_at(AT, arrives, timedelta(days=fresh)) == AT + timedelta(days=leaves)


@pytest.mark.parametrize(("submitted", "can_receive", "disabled", "state"), [
    (False, False, False, "unfinished"), (True, False, False, "restricted"), (True, True, False, "ready"),
    (False, False, True, "restricted"),
])  # fmt: skip
def test_what_the_processors_words_make_of_a_payee(
    submitted: bool, can_receive: bool, disabled: bool, state: str
) -> None:
    assert payee_state(details_submitted=submitted, can_receive=can_receive, disabled=disabled) == state


@pytest.mark.parametrize(("waits", "told"), [
    ([], ""), (["fresh"], "fresh"), (["fresh", "callable"], "callable"), (["callable", "fresh"], "callable"),
    (["account", "callable"], "account"), (["dispute"], "dispute"),
])  # fmt: skip
def test_which_of_several_reasons_is_told(waits: list[str], told: str) -> None:
    assert foremost(waits) == told
