"""A lost comment, check run or mail is noticed, and so is one too many; links and moments may differ."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import pytest

from tests.crash.instance import Instance
from tests.crash.said import differences, said

RIGHT: dict[str, list[dict[str, Any]]] = {
    "gh_comment": [{"body": "<!-- bountyhub:task:1 -->\n50.00 € on http://127.0.0.1:1/tasks/1"}],
    "gh_check": [{"sha": "a1", "conclusion": "neutral", "output": {"title": "To @bo", "summary": "50.00 €"}}],
    "mail": [{"to": "cleo@x.test", "subject": "Receipt", "text": "Paid on 26 November 2026: http://x.test/l/abc"}],
}


class Outside:
    """What stands outside, by kind."""

    def __init__(self, documents: dict[str, list[dict[str, Any]]]) -> None:
        self._documents = documents

    def documents(self, kind: str) -> list[dict[str, Any]]:
        return self._documents[kind]


def read(documents: dict[str, list[dict[str, Any]]]) -> Counter[tuple[str, ...]]:
    return said(cast(Instance, Outside(documents)))


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_missing_is_lost(kind: str) -> None:
    (only,) = differences(read(RIGHT | {kind: []}), read(RIGHT))
    assert only.startswith("lost ")


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_there_again_is_double(kind: str) -> None:
    (only,) = differences(read(RIGHT | {kind: RIGHT[kind] * 2}), read(RIGHT))
    assert only.startswith("twice: ")


def test_other_words_are_noticed() -> None:
    other = read(RIGHT | {"mail": [RIGHT["mail"][0] | {"subject": "Bill"}]})
    assert [text.split(":")[0].split(" mail")[0] for text in differences(other, read(RIGHT))] == ["lost", "unheard of"]


def test_a_later_next_step_may_differ_but_no_other_paragraph() -> None:
    first, later, other = (
        RIGHT | {"mail": [RIGHT["mail"][0] | {"text": text}]}
        for text in ("Merged.\n\nWhat happens next: A.", "Merged.\n\nWhat happens next: B.", "Gone.")
    )
    assert differences(read(later), read(first)) == []
    assert differences(read(other), read(first)) != []


def test_links_and_moments_may_differ() -> None:
    later = RIGHT["mail"][0] | {"text": "Paid on 27 November 2026: http://x.test/l/xyz"}
    assert differences(read(RIGHT | {"mail": [later]}), read(RIGHT)) == []
