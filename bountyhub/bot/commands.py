"""Commands in comments, such as `/claim #12`: first thing on a line, outside code and quotes. Pure.

A command that can't be understood comes back as `Misused` with what to write instead; unknown words are
left alone: other bots have commands too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bountyhub.bot.references import Reference, issue_reference
from bountyhub.bot.visible import GAP, visible_text
from bountyhub.work.rules_split import Unreadable, read_split

#: More commands than this in one comment are not read.
MOST = 10
LONGEST_REASON = 1000
_LINE = re.compile(r"[ \t]*/(?P<word>[a-z]{2,20})(?:[ \t]+(?P<rest>[^\n]*))?", re.ASCII)
_AMOUNT = re.compile(r"(?P<amount>[0-9]{1,9}(?:[.,][0-9]{1,2})?)[ \t]*(?P<currency>[A-Za-z]{3}|[€$£])?")
_LANDED = re.compile(r"@(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})(?:[ \t]+(?P<sha>[0-9A-Fa-f]{7,40}))?", re.ASCII)
_MILESTONE = re.compile(r"m[0-9]{1,3}", re.ASCII)
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}


@dataclass(frozen=True)
class Command:
    """An understood command: `/claim #12` has an `issue`, `/object` and `/bounty` an `argument`."""

    name: str
    argument: str = ""
    issue: Reference | None = None


@dataclass(frozen=True)
class Misused:
    """A known command, not understood; `advice` says what to write."""

    name: str
    advice: str


Reader = Callable[[str, str, str], Command | Misused]


def parse(comment: str, web_url: str) -> tuple[Command | Misused, ...]:
    """The commands of a comment, in order, each once."""
    if "/" not in comment:
        return ()
    found: dict[Command | Misused, None] = {}
    for line in visible_text(comment, inline_code=True).split("\n"):
        match = _LINE.fullmatch(line)
        reader = _READERS.get(match["word"]) if match else None
        if match and reader:
            found[reader(match["word"], (match["rest"] or "").replace(GAP, "").strip(), web_url)] = None
    return tuple(found)[:MOST]


def _about_issue(name: str, rest: str, web_url: str) -> Command | Misused:
    """`/claim`, `/confirm`, `/unlink`, each alone or with an issue."""
    if not rest:
        return Command(name)
    if name == "claim" and _MILESTONE.fullmatch(rest):
        return Misused(name, "This task has no milestones. Write `/claim` alone, or `/claim #12` with a number.")
    issue = issue_reference(rest, web_url)
    if issue is None or not issue.number:
        return Misused(name, f"Write `/{name}` alone, or `/{name} #12` with a number.")
    return Command(name, f"#{issue.number}", issue)


def _object(name: str, rest: str, web_url: str) -> Command | Misused:
    if not rest:
        return Misused(name, f"Write `/{name}` and your reason on the same line.")
    return Command(name, rest[:LONGEST_REASON])


def _bounty(name: str, rest: str, web_url: str) -> Command | Misused:
    if not rest:
        return Command(name)
    match = _AMOUNT.fullmatch(rest)
    if match is None:
        return Misused(name, f"Write `/{name} 50 EUR` with the amount you want to give.")
    sign = match["currency"] or ""
    return Command(name, f"{match['amount']} {_SIGNS.get(sign, sign.upper())}".strip())


def _landed(name: str, rest: str, web_url: str) -> Command | Misused:
    """`/landed @author` or `/landed @author 1234abc`."""
    match = _LANDED.fullmatch(rest)
    if match is None:
        return Misused(name, f"Write `/{name} @author 1234abc`: who wrote the change, and the commit on the branch.")
    return Command(name, f"{match['login']} {(match['sha'] or '').lower()}".strip())


def _alone(name: str, rest: str, web_url: str) -> Command | Misused:
    """`/attempt`, `/unattempt`: they are about the place they are written in."""
    return Misused(name, f"Write `/{name}` alone, on the issue it is about.") if rest else Command(name)


def _split(name: str, rest: str, web_url: str) -> Command | Misused:
    """`/split @ana 70 @bo 30`."""
    parts = read_split(rest)
    if isinstance(parts, Unreadable):
        return Misused(name, f"{parts.why} {parts.advice}")
    return Command(name, " ".join(f"@{part.login} {part.percent}" for part in parts))


def _help(name: str, rest: str, web_url: str) -> Command:
    return Command(name)


_READERS: dict[str, Reader] = {
    "attempt": _alone,
    "unattempt": _alone,
    "claim": _about_issue,
    "confirm": _about_issue,
    "unlink": _about_issue,
    "landed": _landed,
    "split": _split,
    "object": _object,
    "bounty": _bounty,
    "bountyhub": _help,
}
