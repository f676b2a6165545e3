"""`@ana 70 @bo 30`: who gets how much of a claim. Pure: from words to whole percentages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_PEOPLE = 10
WHOLE = 100
EXAMPLE = "/split @ana 70 @bo 30"
_PART = re.compile(r"@(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})[ \t:=]+(?P<percent>[0-9]{1,3})(?:[ \t]*%)?", re.ASCII)
_BETWEEN = re.compile(r"[ \t,;]*(?:\band\b[ \t]*)?")
#: Nobody types more for ten people; what is longer isn't looked at.
LONGEST = 1000


@dataclass(frozen=True)
class Part:
    """One person's whole percentage, by the login that was written."""

    login: str
    percent: int


@dataclass(frozen=True)
class Unreadable:
    """Not a split: what is wrong, and what to write instead."""

    why: str
    advice: str = f"Write `{EXAMPLE}`: percentages that are 100 together."


def read_split(text: str) -> tuple[Part, ...] | Unreadable:
    """The parts in the order written, or what is wrong with them."""
    if len(text) > LONGEST:
        return Unreadable("That is too long to be read.")
    parts, at = [], 0
    text = " ".join(text.split())
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return Unreadable("That is not a list of people with their percentages.")
        parts.append(Part(match["login"], int(match["percent"])))
        between = _BETWEEN.match(text, match.end())
        at = between.end() if between else match.end()
        if at == match.end() < len(text):
            return Unreadable("That is not a list of people with their percentages.")
    return why_unfit(parts) or tuple(parts)


def why_unfit(parts: Sequence[Part]) -> Unreadable | None:
    """What is wrong with a list of people and percentages; None where it is a split."""
    if not parts:
        return Unreadable("Nobody is named.")
    if len(parts) > MOST_PEOPLE:
        return Unreadable(f"Those are {len(parts)} people.", f"Name at most {MOST_PEOPLE}.")
    twice = _twice([part.login.lower() for part in parts])
    if twice:
        return Unreadable(f"@{twice} is named twice.")
    if any(part.percent == 0 for part in parts):
        return Unreadable("Nobody can get 0 percent.", "Leave out who gets nothing.")
    total = sum(part.percent for part in parts)
    if total != WHOLE:
        return Unreadable(f"Those are {total} percent together.")
    return None


def _twice(logins: Sequence[str]) -> str:
    return next((login for place, login in enumerate(logins) if login in logins[:place]), "")


def weights(split: Mapping[str, int], author: int) -> dict[int, int]:
    """Payees by identity id with their weights: the split, or all of it for the author."""
    return {int(id): percent for id, percent in split.items()} or {author: 1}


def spelled(parts: Sequence[tuple[str, int]], most: int = 4) -> str:
    """`70 % to @ana, 30 % to @bo`; beyond `most` how many more."""
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(f"{percent} % to @{login}" for login, percent in parts[:most]) + more


def named(logins: Sequence[str], most: int = 3) -> str:
    """`@ana and @bo`; beyond `most` names how many more."""
    shown = [f"@{login}" for login in logins[:most]]
    if len(logins) > most:
        return f"{', '.join(shown)} and {len(logins) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
