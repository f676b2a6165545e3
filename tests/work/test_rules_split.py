"""`@ana 70 @bo 30` as people write it, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.work.rules_split import LONGEST, Part, Unreadable, named, read_split, spelled, weights

BOTH = (Part("ana", 70), Part("bo", 30))


@pytest.mark.parametrize("text", [
    "@ana 70 @bo 30", "@ana 70% @bo 30%", "@ana 70 %, @bo 30 %", "@ana: 70, @bo: 30", "@ana 70 and @bo 30",
    "  @ana   70\t@bo 30 ", "@ana 70;@bo 30", "@ana=70 @bo=30", "@ana 70\n@bo 30",
])  # fmt: skip
def test_understood(text: str) -> None:
    assert read_split(text) == BOTH


@pytest.mark.parametrize(("text", "why"), [
    ("", "Nobody"), ("ana 70 bo 30", "not a list"), ("@ana @bo", "not a list"), ("@ana 70 bo 30", "not a list"),
    ("@ana 70 @bo 40", "110 percent"), ("@ana 70 @bo 20", "90 percent"), ("@ana 100 @bo 0", "0 percent"),
    ("@ana 70 @Ana 30", "named twice"), ("@ana 1000", "not a list"), ("@ana -70 @bo 170", "not a list"),
    ("@ana 33.3 @bo 66.7", "not a list"), ("@ana 70 @bo 30 please", "not a list"), ("@ana 70@bo 30", "not a list"),
    (" ".join(f"@p{n} 10" for n in range(11)), "11 people"), ("@a 50 " * LONGEST, "too long"),
    ("@-a 100", "not a list"),
])  # fmt: skip
def test_refused_with_what_to_write(text: str, why: str) -> None:
    said = read_split(text)
    assert isinstance(said, Unreadable)
    assert why in said.why and said.advice


@given(st.text(max_size=200))
def test_nothing_breaks_the_reader_and_what_it_takes_is_whole(text: str) -> None:
    for typed in (text, f"@ana 70 @bo 30{text}", f"@ana 100 {text}"):
        said = read_split(typed)
        assert isinstance(said, Unreadable) or sum(part.percent for part in said) == 100


def test_without_a_split_all_is_the_authors() -> None:
    assert (weights({}, 7), weights({"7": 70, "9": 30}, 7)) == ({7: 1}, {7: 70, 9: 30})


def test_long_lists_are_cut_where_they_are_shown() -> None:
    five = [(f"p{n}", 20) for n in range(5)]
    assert spelled(five[:2]) == "20 % to @p0, 20 % to @p1"
    assert spelled(five).endswith("20 % to @p3 and 1 more")
    assert named(["ana"]) == "@ana"
    assert named(["ana", "bo", "cleo"]) == "@ana, @bo and @cleo"
    assert named(["ana", "bo", "cleo", "dara"]) == "@ana, @bo, @cleo and 1 more"
