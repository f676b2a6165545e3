"""Closing keywords: what counts, what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.sandbox.github.closing import Reference, references, references_in_commit

WORDS = ("close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved")
ROOT = "http://127.0.0.1:8001/github"


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("form", ["{} #7", "{}: #7", "Also {} #7.", "**{}** #7", "({} #7)", "{} GH-7"])
def test_each_keyword_closes(word: str, form: str) -> None:
    assert references(form.format(word)) == [Reference(None, 7)]
    assert references(form.format(word.upper())) == [Reference(None, 7)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("fixes #1, closes #2", [Reference(None, 1), Reference(None, 2)]),
        ("fixes #1, #2", [Reference(None, 1)]),
        ("fixes #1 and fixes #1", [Reference(None, 1)]),
        ("Fixes ana/inkwell#3", [Reference("ana/inkwell", 3)]),
        ("Fixes https://github.com/ana/inkwell/issues/3", [Reference("ana/inkwell", 3)]),
        (f"Fixes {ROOT}/ana/inkwell/issues/3", [Reference("ana/inkwell", 3)]),
        (f"Fixes <{ROOT}/ana/inkwell/issues/3>", [Reference("ana/inkwell", 3)]),
        ("Fixes\n#4", [Reference(None, 4)]),
        ("> said somebody\n\nfixes #5", [Reference(None, 5)]),
        ("<p>fixes #6</p>", [Reference(None, 6)]),
        ("- fixes #8\n- closes #9", [Reference(None, 8), Reference(None, 9)]),
    ],
)
def test_what_counts(text: str, expected: list[Reference]) -> None:
    assert references(text, (ROOT,)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "#7",
        "fixes 7",
        "fixes#7",
        "fixes issue #7",
        "prefixes #7",
        "hot-fixes #7",
        "fixing #7",
        "fixes #7a",
        "`fixes #7`",
        "fixes `#7`",
        "```\nfixes #7\n```",
        "~~~\nfixes #7\n~~~",
        "    fixes #7",
        "> fixes #7",
        "> quoted\nfixes #7",
        "> > fixes #7",
        "<!-- fixes #7 -->",
        "text <!-- fixes #7 --> text",
        "<!-- never closed\n\nfixes #7",
        "<pre>fixes #7</pre>",
        "fixes https://elsewhere.test/ana/inkwell/issues/7",
        "fixes https://github.com/ana/inkwell/pull/7",
        "",
    ],
)
def test_what_does_not_count(text: str) -> None:
    assert references(text, (ROOT,)) == []


def test_a_commit_message_is_plain_text() -> None:
    assert references_in_commit("    fixes #7\n\n> closes #8") == [Reference(None, 7), Reference(None, 8)]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(reference.number >= 0 for reference in references(text))


@given(st.text(alphabet="abc `>#\n<!-", max_size=60), st.integers(1, 10**9))
def test_code_blocks_hide_whatever_is_in_them(noise: str, number: int) -> None:
    fenced = f"``````\n{noise.replace('`', '')}\nfixes #{number}\n``````"
    assert references(fenced) == []
