"""Laws of the keyword and command readers that hold for every text, and how their work grows with its length."""

from __future__ import annotations

import sys
import time
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.bot import visible
from bountyhub.bot.commands import parse
from bountyhub.integrations.github.keywords import closing_references

WEB = "https://github.com"
PIECES = st.sampled_from(
    ["fixes #1", "Closes: a/b#2", "resolved #3.", "/claim #4", "/confirm", "/attempt", "/split @a 100",
     "plain words", "`code`", "*", "**", "_x_",
     "- item", "# Title", "#9", "(", ")", "|", "\n", "\n\n", "related to #8"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=20).map(" ".join)
#: Words that neither open nor close anything in Markdown.
PLAIN = st.lists(st.sampled_from(["the", "editor", "saves", "notes", "now", "see #8"]), min_size=1).map(" ".join)


def read(text: str) -> tuple[object, ...]:
    return (*closing_references(text, WEB), *parse(text, WEB))


@given(TEXTS, PIECES | st.text(max_size=60))
def test_quoting_a_text_adds_nothing(text: str, quoted: str) -> None:
    quote = "\n".join(f"> {line}" for line in quoted.splitlines())
    assert read(f"{quote}\n\n{text}") == read(f"\n\n{text}")


@given(TEXTS, PLAIN)
def test_text_about_something_else_changes_nothing(text: str, plain: str) -> None:
    assert read(f"{plain}\n\n{text}\n\n{plain}") == read(f"\n\n{text}\n\n")


@given(TEXTS)
def test_a_text_in_a_fence_says_nothing(text: str) -> None:
    assert read(f"```\n{text}\n```") == ()


@given(TEXTS)
def test_a_text_in_an_html_comment_says_nothing(text: str) -> None:
    assert read(f"<!--\n{text.replace('--', '')}\n-->") == ()


@given(TEXTS)
def test_saying_it_twice_is_saying_it_once(text: str) -> None:
    assert set(read(f"{text}\n\n{text}")) == set(read(text))


@given(TEXTS, TEXTS)
def test_two_paragraphs_close_what_each_closes(one: str, other: str) -> None:
    together = set(closing_references(f"{one}\n\nand\n\n{other}", WEB))
    assert together <= {*closing_references(one, WEB), *closing_references(f"\n\n{other}", WEB)}


@given(TEXTS)
def test_shouting_closes_the_same(text: str) -> None:
    assert closing_references(text.upper(), WEB) == closing_references(text, WEB)


NASTY = {
    "words": "it fixes #1 now ",
    "code": "`a`` fixes #1 ",
    "brackets": "[fixes ",
    "stars": "*fixes #1 **",
    "comments": "<!-- fixes ",
    "declarations": "<![x fixes ",
    "quotes": "> fixes #1\n",
    "fences": "```\nfixes\n",
    "lists": "- fixes #1\n",
    "tags": "<b>fixes ",
    "tables": "|fixes|\n|-|\n",
    "names": "fixes aaaaaaaa-",
    "slashes": "fixes a/a/",
    "definitions": "[a]: b fixes\n",
    "commands": "/claim #1\n",
    "splits": "/split @ana 50 @bo 50 ",
    "splits of many": "/split @a 1\n",
    "attempts": "/attempt\n",
}


def _text(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def _calls(text: str) -> int:
    """How many functions are called to read a text: the same number however busy the machine is."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return count


def _seconds(text: str) -> float:
    """Of this thread's own time, the better of two: what a regular expression does inside is one call."""
    best = float("inf")
    for _ in range(2):
        began = time.thread_time()
        read(text)
        best = min(best, time.thread_time() - began)
    return best


@pytest.mark.parametrize("shape", NASTY)
def test_four_times_the_text_is_not_sixteen_times_the_work(shape: str) -> None:
    short, long = _text(NASTY[shape], visible.LONGEST // 8), _text(NASTY[shape], visible.LONGEST // 2)
    assert _calls(long) < 8 * _calls(short) + 1000
    assert _seconds(long) < 10 * _seconds(short) + 0.05


@pytest.mark.parametrize("shape", NASTY)
def test_what_no_forge_accepts_is_not_read_to_its_end(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small limit shows it as well as the real one, which takes a second for some shapes."""
    monkeypatch.setattr(visible, "LONGEST", 10_000)
    assert _calls(_text(NASTY[shape], 160_000)) < 1.1 * _calls(_text(NASTY[shape], 40_000)) + 1000


def test_a_megabyte_is_no_more_work_than_a_quarter_of_it() -> None:
    shape = NASTY["code"]
    assert _calls(_text(shape, 1_000_000)) < 1.1 * _calls(_text(shape, 250_000)) + 1000
