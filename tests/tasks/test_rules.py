"""The task's table, pair by pair, and when it takes money."""

from __future__ import annotations

from itertools import product

import pytest

from bountyhub.tasks.models import TaskState
from bountyhub.tasks.rules import TaskEvent, TransitionRefused, next_state, takes_money

E = TaskEvent
TABLE = {
    "wanted": {E.OPENED: "open", E.GIVEN_UP: "cancelled", E.ENDED: "cancelled"},
    "open": {E.CLAIM_MERGED: "merged", E.ENDED: "cancelled"},
    "reserved": {E.CLAIM_MERGED: "merged", E.ENDED: "cancelled"},
    "merged": {E.SETTLED: "completed", E.CLAIM_REFUSED: "open", E.CLAIM_UNDONE: "open"},
    "completed": {E.CLAIM_UNDONE: "open"},
}


@pytest.mark.parametrize(("state", "event"), list(product(TaskState, TaskEvent)))
def test_every_pair_of_state_and_event_is_as_the_design_says(state: TaskState, event: TaskEvent) -> None:
    expected = TABLE.get(state, {}).get(event)
    if expected is not None:
        assert next_state(state, event) == expected
        return
    with pytest.raises(TransitionRefused, match=f"a {state} task does not know {event}"):
        next_state(state, event)


@pytest.mark.parametrize(("state", "ends", "installed"), list(product(TaskState, [True, False], [True, False])))
def test_only_an_open_installed_task_that_goes_on_takes_money(state: TaskState, ends: bool, installed: bool) -> None:
    assert takes_money(state, ends=ends, installed=installed) is (state == "open" and installed and not ends)
