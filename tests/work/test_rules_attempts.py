"""Who may be on a task, how long, and whose pull requests count before their merge: tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bountyhub.tasks.models import TaskState
from bountyhub.work.rules_attempts import (
    NoAttempt,
    Uncounted,
    has_lapsed,
    why_not_attempted,
    why_uncounted,
)

NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.OPEN])
def test_only_open_tasks_are_worked_on(state: TaskState) -> None:
    assert why_not_attempted(state=state, on_task=0, by_person=0, at_once=5) is NoAttempt.NOT_OPEN


@pytest.mark.parametrize(("on_task", "by_person", "at_once", "refused"), [
    (0, 0, 5, None), (4, 2, 5, None), (5, 0, 5, NoAttempt.TASK_FULL), (0, 3, 5, NoAttempt.PERSON_FULL),
    (9, 9, 5, NoAttempt.PERSON_FULL), (1, 0, 1, NoAttempt.TASK_FULL), (5, 0, 6, None), (0, 0, 0, NoAttempt.TASK_FULL),
])  # fmt: skip
def test_five_on_a_task_and_three_by_a_person(
    on_task: int, by_person: int, at_once: int, refused: NoAttempt | None
) -> None:
    assert why_not_attempted(state="open", on_task=on_task, by_person=by_person, at_once=at_once) is refused


@pytest.mark.parametrize(("left", "has_pull", "lapsed"), [
    (1, False, False), (0, False, True), (-1, False, True), (0, True, False), (-99, True, False),
])  # fmt: skip
def test_a_linked_pull_request_keeps_an_attempt(left: int, has_pull: bool, lapsed: bool) -> None:
    assert has_lapsed(until=NOW + timedelta(seconds=left), now=NOW, has_pull=has_pull) is lapsed


@pytest.mark.parametrize(("others", "lacks_attempt", "why"), [
    (0, False, None), (2, False, None), (3, False, Uncounted.TOO_MANY), (0, True, Uncounted.NO_ATTEMPT),
    (3, True, Uncounted.NO_ATTEMPT),
])  # fmt: skip
def test_three_pull_requests_of_a_person_count(others: int, lacks_attempt: bool, why: Uncounted | None) -> None:
    assert why_uncounted(others=others, lacks_attempt=lacks_attempt) is why
