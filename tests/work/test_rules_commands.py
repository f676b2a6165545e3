"""How many commands are carried out: a table, and what follows for any burst."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.work.rules_commands import BY_PERSON, ON_ISSUE, TooMany, too_many


@pytest.mark.parametrize(("new", "by_person", "on_issue", "why"), [
    (1, 0, 0, None), (10, 0, 0, None), (11, 0, 0, TooMany.PERSON), (1, 9, 9, None), (1, 10, 10, TooMany.PERSON),
    (1, 0, 29, None), (1, 0, 30, TooMany.ISSUE), (5, 6, 6, TooMany.PERSON), (2, 0, 29, TooMany.ISSUE),
])  # fmt: skip
def test_ten_of_a_person_and_thirty_on_an_issue(new: int, by_person: int, on_issue: int, why: TooMany | None) -> None:
    assert too_many(new, by_person=by_person, on_issue=on_issue) is why


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 10)), max_size=200))
def test_however_many_come_at_once_only_so_many_are_answered(comments: list[tuple[int, int]]) -> None:
    by_person, on_issue, answered = dict.fromkeys(range(6), 0), 0, 0
    for who, commands in comments:
        if too_many(commands, by_person=by_person[who], on_issue=on_issue) is None:
            by_person[who], on_issue, answered = by_person[who] + commands, on_issue + commands, answered + 1
    assert answered <= ON_ISSUE and all(count <= BY_PERSON for count in by_person.values())
