"""Commands in comments: only at the start of a line, outside code and quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.bot.commands import MOST, Command, Misused, parse
from bountyhub.bot.references import Reference

WEB = "https://github.com"


def about(name: str, number: int, repository: str | None = None) -> Command:
    return Command(name, f"#{number}", Reference(repository, number))


def parsed(text: str) -> list[Command | Misused]:
    return list(parse(text, WEB))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/claim", [Command("claim")]),
        ("/claim #12", [about("claim", 12)]),
        ("/claim 12", [about("claim", 12)]),
        ("/claim `#12`", [about("claim", 12)]),
        ("/claim ana/parser#12", [about("claim", 12, "ana/parser")]),
        (f"/claim {WEB}/ana/parser/issues/12", [about("claim", 12, "ana/parser")]),
        ("  /confirm  ", [Command("confirm")]),
        ("/unlink #12", [about("unlink", 12)]),
        ("/bounty", [Command("bounty")]),
        ("Thanks!\n/unlink", [Command("unlink")]),
        ("/object the `foo()` test fails", [Command("object", "the foo() test fails")]),
        ("/bounty 50 EUR", [Command("bounty", "50 EUR")]),
        ("/bounty 50€", [Command("bounty", "50 EUR")]),
        ("/bounty 12.50 usd", [Command("bounty", "12.50 USD")]),
        ("/bounty 50", [Command("bounty", "50")]),
        ("/bountyhub help", [Command("bountyhub")]),
        ("/bountyhub", [Command("bountyhub")]),
        ("/attempt", [Command("attempt")]),
        ("/unattempt\n/attempt", [Command("unattempt"), Command("attempt")]),
        ("/split @ana 70 @bo 30", [Command("split", "@ana 70 @bo 30")]),
        ("/split @ana 70%, `@bo` 30 %", [Command("split", "@ana 70 @bo 30")]),
        ("/claim #1\n/claim #2\n\n/claim #1", [about("claim", 1), about("claim", 2)]),
        ("> what they said\n\n/confirm", [Command("confirm")]),
    ],
)
def test_understood(text: str, expected: list[Command | Misused]) -> None:
    assert parsed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "/split",
        "/split @ana 70 @bo 20",
        "/split ana 100",
        "/attempt now",
        "/unattempt #12",
        "/claim m2",
        "/claim #0",
        "/confirm please",
        "/unlink it",
        "/object",
        "/bounty lots",
        "/bounty 5 EUR 5",
    ],
)
def test_a_misused_command_says_what_to_write(text: str) -> None:
    (command,) = parsed(text)
    assert isinstance(command, Misused)
    assert f"`/{command.name}" in command.advice


@pytest.mark.parametrize(
    "text",
    [
        "please /claim",
        "- /claim",
        "1. /claim",
        "> /claim",
        "> a quote that goes on\n/claim",
        "`/claim`",
        "```\n/claim\n```",
        "    /claim",
        "<!-- /claim -->",
        "<pre>\n/claim\n</pre>",
        "<code>x\n/claim</code>",
        "/assign me",
        "/Claim",
        "/claimed",
        "https://example.org/claim",
        "",
    ],
)
def test_not_a_command(text: str) -> None:
    assert parsed(text) == []


def test_a_flood_of_commands_is_cut() -> None:
    assert len(parsed("\n".join(f"/claim #{n}" for n in range(1, 100)))) == MOST


LINES = ["/attempt", "/unattempt", "/claim #12", "/split @ana 70 @bo 30", "/confirm", "/unlink", "/landed @bo",
         "/object It is broken.", "/bounty 50 EUR", "/bountyhub help"]  # fmt: skip
AROUND = ["> {}", "- {}", "- {}\n\n- more", "* one\n\n* {}", "- [ ] {}",
          "1. {}", "`{}`", "```\n{}\n```", "    {}", "<!-- {} -->", "I write {}", "<pre>\n{}\n</pre>",
          "On Monday Bo wrote:\n> {}", "> > {}", "| {} |\n|-|", "~~~\n{}"]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_each_command_counts_at_the_start_of_a_line_only(line: str) -> None:
    (one,) = parsed(f"Thanks!\n\n{line}\n\nMore words.")
    assert isinstance(one, Command)
    assert [around for around in AROUND if parsed(around.format(line))] == []


@given(st.text(max_size=80))
def test_no_comment_breaks_the_reader(text: str) -> None:
    names = {"claim", "confirm", "unlink", "object", "bounty", "bountyhub"}
    assert all(command.name in names for command in parsed("/claim\n" + text))
