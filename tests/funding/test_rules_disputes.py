"""What a processor's word makes of a dispute, and when a warning ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bountyhub.funding.models import DisputeState
from bountyhub.funding.rules_disputes import (
    FIRST,
    STATUS,
    TRANSITIONS,
    DisputeEvent,
    WarningEnd,
    end_of_warning,
    meaning,
    next_state,
)

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_word_that_nobody_knows_is_strange() -> None:
    assert meaning("brand_new") is meaning("") is meaning("appeal_under_review") is DisputeEvent.STRANGE
    assert all(meaning(word) is event for word, event in STATUS.items())


def test_every_state_named_in_the_table_is_one() -> None:
    states = {state.value for state in DisputeState}
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) | set(FIRST.values()) <= states


@pytest.mark.parametrize("event", list(DisputeEvent))
@pytest.mark.parametrize("over", ["won", "lost"])
def test_what_is_decided_stays_decided(over: str, event: DisputeEvent) -> None:
    assert next_state(over, event) is None


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (None, DisputeEvent.INQUIRED, "warning"), (None, DisputeEvent.LOST, "lost"),
        ("warning", DisputeEvent.CLOSED, "closed"), ("warning", DisputeEvent.OPENED, "open"),
        ("open", DisputeEvent.ANSWERED, "answered"), ("answered", DisputeEvent.WON, "won"),
        ("answered", DisputeEvent.OPENED, None), ("answered", DisputeEvent.INQUIRED, None),
        ("open", DisputeEvent.OPENED, None), ("closed", DisputeEvent.OPENED, "open"),
        ("open", DisputeEvent.STRANGE, "unknown"), ("unknown", DisputeEvent.STRANGE, None),
        ("unknown", DisputeEvent.WON, "won"),
    ],
)  # fmt: skip
def test_the_table(state: str | None, event: DisputeEvent, after: str | None) -> None:
    assert next_state(state, event) == after


@pytest.mark.parametrize(
    ("after", "transferred", "what"),
    [
        (timedelta(hours=23), False, WarningEnd.WAIT), (timedelta(hours=24), False, WarningEnd.REFUND),
        (timedelta(days=29), True, WarningEnd.WAIT), (timedelta(days=30), True, WarningEnd.THAW),
        (timedelta(days=400), False, WarningEnd.REFUND),
    ],
)  # fmt: skip
def test_a_warning_ends_by_itself(after: timedelta, transferred: bool, what: WarningEnd) -> None:
    assert end_of_warning(at=AT, now=AT + after, transferred=transferred) is what
