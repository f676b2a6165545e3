"""More of the keyword and command readers: hosts, neighbours of words and numbers, what people really write."""

from __future__ import annotations

import pytest

from bountyhub.bot.commands import Command, Misused, parse
from bountyhub.integrations.github.keywords import closing_references

GITHUB = "https://github.com"
ENTERPRISE = "https://git.example.com"

Found = list[tuple[str | None, int]]
OWN: Found = [(None, 12)]
OTHER: Found = [("ana/parser", 12)]


def found(text: str, host: str = GITHUB) -> Found:
    return [(reference.name, reference.number) for reference in closing_references(text, host)]


def names(text: str, host: str = GITHUB) -> list[str]:
    return [one.name for one in parse(text, host) if isinstance(one, Command)]


@pytest.mark.parametrize(
    ("host", "text", "expected"),
    [
        (GITHUB, f"Fixes {GITHUB}/ana/parser/issues/12", OTHER),
        (GITHUB, f"Fixes {GITHUB}/Ana/Parser/issues/12", OTHER),
        (GITHUB, f"Fixes: {GITHUB}/ana/parser/issues/12, thanks", OTHER),
        (GITHUB, f"Fixes <{GITHUB}/ana/parser/issues/12>", OTHER),
        (GITHUB, f"Fixes [the export]({GITHUB}/ana/parser/issues/12)", []),
        (GITHUB, f"Fixes {ENTERPRISE}/ana/parser/issues/12", []),
        (GITHUB, f"Fixes {GITHUB}.example.com/ana/parser/issues/12", []),
        (GITHUB, "Fixes http://github.com/ana/parser/issues/12", []),
        (GITHUB, "Fixes github.com/ana/parser/issues/12", []),
        (ENTERPRISE, f"Fixes {ENTERPRISE}/ana/parser/issues/12", OTHER),
        (ENTERPRISE, f"Fixes {ENTERPRISE}:8443/ana/parser/issues/12", []),
        (ENTERPRISE, f"Fixes {GITHUB}/ana/parser/issues/12", []),
        (ENTERPRISE, "Fixes ana/parser#12", OTHER),
        (ENTERPRISE + "/", f"Fixes {ENTERPRISE}/ana/parser/issues/12", OTHER),
        (f"{ENTERPRISE}:8443", f"Fixes {ENTERPRISE}:8443/ana/parser/issues/12", OTHER),
        (f"{ENTERPRISE}:8443", f"Fixes {ENTERPRISE}/ana/parser/issues/12", []),
    ],
)
def test_an_address_counts_on_its_own_host_only(host: str, text: str, expected: Found) -> None:
    assert found(text, host) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Fixes #12",
        "fixes: #12",
        "FIXES #12",
        "This fixes #12!",
        "Fixes #12.",
        "fixes #12, #13",
        "fixes #12 and #13",
        "Refs #11, closes #12",
        "Part of #10. Resolves #12.",
        "Closes #12 (finally)",
        "[Fixes #12]",
        "“Fixes #12”",
        "Resolved   #12",
        "Resolved\t#12",
        "feat(export): dark mode, closes #12",
        "## Fixes #12",
        "* closes #12",
        "1. closes #12",
        "- [x] closes #12",
        "**Closes #12**",
        "_Closes_ #12",
        "~~nothing~~ Closes #12",
        "Title\n\nCloses #12\nSigned-off-by: Bo <bo@example.org>",
        "> They say it is broken.\n\nIt is. Fixes #12",
        "```\ndiff\n```\n\nFixes #12",
        "<details><summary>More</summary>\n\nFixes #12\n\n</details>",
        "<!-- Please link the issue: -->\nFixes #12",
        "Fixes #12 <!-- not #13 -->",
        "Fixes #12\n\n    fixes #13",
        "Fixes #12, `fixes #13`",
        "prefix #13, fix #12",
        "Fixes&nbsp;#13, fixes #12",
    ],
)
def test_one_issue_is_closed_by(text: str) -> None:
    assert found(text) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "#12",
        "Related to #12",
        "related: #12",
        "See #12",
        "Ref #12",
        "Refs: #12",
        "Part of #12",
        "Towards #12",
        "Implements #12",
        "Addresses #12",
        "Unfixes #12",
        "unfix #12",
        "prefix #12",
        "suffix #12",
        "bugfix #12",
        "hotfixes #12",
        "enclosed #12",
        "disclosed #12",
        "unresolved #12",
        "fixture #12",
        "fixs #12",
        "fixe #12",
        "closing #12",
        "closer #12",
        "resolving #12",
        "resolution #12",
        "fix for #12",
        "fixes issue #12",
        "fixes the bug #12",
        "fixes, #12",
        "fixes - #12",
        "fixes:: #12",
        "fixes :#12",
        "fixes:#12",
        "fixes #-12",
        "fixes #12345678901",
        "fixes #twelve",
        "fixes PR#12x",
        "fixes 12",
        "fixes @12",
        "fixes !12",
        "fixes GH 12",
        "re-fixes #12",
        "auto_fixes #12",
        "a/fixes #12",
        "x.fixes #12",
        "fixes\n\n#12",
        "| fixes | #12 |\n|-|-|\n| a | b |",
        "fixes <!-- x --> #12",
        "fixes ![x](y) #12",
        "> > fixes #12",
        "> ```\n> fixes #12\n> ```",
        "1. > fixes #12",
        "\tfixes #12",
        "para\n\n    fixes #12\n    closes #13",
        "~~~\nfixes #12",
        "````\n```\nfixes #12\n```\n````",
        "<!--fixes #12",
        "<pre><code>fixes #12</code></pre>",
        "<kbd>fixes #12</kbd>",
        "<script>fixes #12</script>",
    ],
)
def test_nothing_is_closed_by(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/claim", ["claim"]),
        ("\t/claim", []),
        ("   /claim", ["claim"]),
        ("/claim\r\n/unlink", ["claim", "unlink"]),
        ("/ claim", []),
        ("//claim", []),
        ("\\/claim", ["claim"]),
        ("/claim:", []),
        ("/claim.", []),
        ("/claims #12", []),
        ("I wrote /claim", []),
        ("**/claim**", ["claim"]),
        ("# /claim", ["claim"]),
        ("* /claim", []),
        ("- [ ] /claim", []),
        ("> /claim\n\nNo.", []),
        ("> a\n>\n> /claim", []),
        ("```\n/claim\n```\n/confirm", ["confirm"]),
        ("<!--\n/claim\n-->\n\n/confirm", ["confirm"]),
        ("<details>\n\n/claim\n\n</details>", ["claim"]),
        ("/confirm\n/confirm", ["confirm"]),
        ("/confirm #1\n/confirm #2", ["confirm", "confirm"]),
        ("/attempts", []),
        ("/attempt\n\n> /unattempt", ["attempt"]),
        ("/split @a 100", ["split"]),
        ("/splits @a 100", []),
        ("/help", []),
        ("/approve", []),
        ("/retest", []),
        ("/lgtm", []),
        ("/bountyhub", ["bountyhub"]),
        ("/usr/bin/env", []),
        ("/claim/12", []),
    ],
)
def test_a_command_stands_first_on_its_line(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "/claim #",
        "/claim ana/parser",
        "/claim #12 #13",
        "/confirm yes",
        "/unlink all",
        "/bounty",
        "/bounty €",
        "/object",
    ],
)
def test_a_command_that_is_not_understood_is_answered_or_simple(text: str) -> None:
    (one,) = parse(text, GITHUB)
    assert isinstance(one, Misused) or one == Command("bounty")
