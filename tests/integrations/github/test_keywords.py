"""Closing keywords: what counts, what doesn't, and that no text breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bountyhub.bot.references import Reference, issue_reference
from bountyhub.integrations.github.keywords import MOST, closing_references, resolve
from bountyhub.ports.forge import IssueRef

WEB = "http://127.0.0.1:8001/github"
KEYWORDS = ("close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved")


def found(text: str) -> list[tuple[str | None, int]]:
    return [(reference.name, reference.number) for reference in closing_references(text, WEB)]


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
@pytest.mark.parametrize("colon", ["", ":"])
def test_each_keyword_in_any_case_with_or_without_colon(keyword: str, spelled: object, colon: str) -> None:
    assert callable(spelled)
    assert found(f"It {spelled(keyword)}{colon} #12.") == [(None, 12)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fixes #12", [(None, 12)]),
        ("fixes Ana/Parser#12", [("ana/parser", 12)]),
        (f"closes {WEB}/ana/parser/issues/7", [("ana/parser", 7)]),
        (f"closes {WEB}/ana/parser/issues/7.", [("ana/parser", 7)]),
        ("Fixes #1 and fixes #2, closes #3", [(None, 1), (None, 2), (None, 3)]),
        ("Fixes #1, #2", [(None, 1)]),
        ("Fixes #1, fixes #1", [(None, 1)]),
        ("- **Fixes** #12", [(None, 12)]),
        ("(fixes #12)", [(None, 12)]),
        ("| a | b |\n|---|---|\n| fixes #3 | x |", [(None, 3)]),
        ("<details>\nfixes #5\n</details>", [(None, 5)]),
        ("> quoted\n\nfixes #2", [(None, 2)]),
        ("```\ncode\n```\nresolved #4", [(None, 4)]),
        ("<!-- a template's hint --> closes #2", [(None, 2)]),
        # In the middle of a paragraph this is no comment: everybody sees the words.
        ("text <!-- never closed\nfixes #1", [(None, 1)]),
    ],
)
def test_counts(text: str, expected: list[tuple[str | None, int]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`fixes #1`",
        "``fixes #1``",
        "```\nfixes #1\n```",
        "~~~ text\nfixes #1\n~~~",
        "```\nfixes #1",
        "    fixes #1",
        "> fixes #1",
        "> a quote that goes on\nfixes #1",
        "- > fixes #1",
        "<!-- fixes #1 -->",
        "<!--\n\nfixes #1\n\n-->",
        "<!-- never closed fixes #1",
        "<blockquote>fixes #1</blockquote>",
        "<pre>fixes #1</pre>",
        "a <code>fixes #1</code>",
        "<div>\n<![odd[ fixes #1 ]]>\n</div>",
        "<?php fixes #1 ?>",
        "fixes `code` #1",
        "fixes`#1`",
        "prefixes #1",
        "un-closes #1",
        "hot.fix #1",
        "fixing #1",
        "fixes#1",
        "fixes\n#1",
        "fixes #",
        "fixes #0",
        "fixes #1a",
        "fixes #1-rc",
        "fixes #1/2",
        "fixes # 1",
        "fi\u017fes #1",
        "fixe\u017f #1",
        "fixes \u0661",
        "fixes a/b/c#1",
        f"closes {WEB}/ana/parser/pull/7",
        f"closes {WEB}/ana/parser/issues/7#issuecomment-9",
        "closes https://elsewhere.example/ana/parser/issues/7",
        "",
    ],
)
def test_does_not_count(text: str) -> None:
    assert found(text) == []


def test_a_flood_of_references_is_cut() -> None:
    assert len(found(" ".join(f"fixes #{n}" for n in range(1, 500)))) == MOST


def test_references_are_resolved_to_ids_and_unknown_repositories_fall_away() -> None:
    ids = {"ana/parser": 740}
    references = (Reference(None, 1), Reference("ana/parser", 2), Reference("no/where", 3), Reference("ana/parser", 2))
    assert resolve(references, 5, ids.get) == (IssueRef(5, 1), IssueRef(740, 2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#12", Reference(None, 12)),
        (" 12 ", Reference(None, 12)),
        ("Ana/parser#3", Reference("ana/parser", 3)),
        (f"{WEB}/ana/parser/issues/3", Reference("ana/parser", 3)),
        ("m2", None),
        ("#12 please", None),
        ("", None),
    ],
)
def test_a_reference_that_stands_alone(text: str, expected: Reference | None) -> None:
    assert issue_reference(text, WEB) == expected


PIECES = st.sampled_from(
    ["fixes #1", "Closes: a/b#2", "`", "```", "\n", "\n\n", "> ", "<!--", "-->", "<pre>", "</pre>", "<code>", "    ",
     "<div>", "</div>", "<![x[", "]]>", "<?", "<!D", "- ", "|", "*", "[", "](", "<a href='", "&lt;", "\0", "#9"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
@example("<![x[")
@example("<div>\n<!--")
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(number > 0 for _, number in found(text))


@given(st.text(alphabet=st.characters(exclude_characters="`"), max_size=60), st.sampled_from(KEYWORDS))
def test_nothing_inside_a_fence_counts(text: str, keyword: str) -> None:
    body = "\n".join(f"{line} {keyword} #7" for line in text.splitlines() or [""])
    assert found(f"```\n{body}\n```") == []


@given(st.from_regex(r"[a-z ,.]{0,20}", fullmatch=True), st.sampled_from(KEYWORDS), st.integers(1, 999_999_999))
def test_a_reference_after_plain_words_counts(words: str, keyword: str, number: int) -> None:
    # Not at the start of the text, where four spaces would make it a block of code.
    assert (None, number) in found(f"Here {words}, {keyword} #{number}")
