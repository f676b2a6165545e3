"""Pure rules of projects: what a permission lets its holder do here.

`permission` is the forge's word in growing order: none 0, read 1, triage 2, write 3, maintain 4, admin 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WRITE, MAINTAIN = 3, 4
MOST_BRANCHES = 20
LONGEST_BRANCH = 200
#: What git refuses in the name of a branch: https://git-scm.com/docs/git-check-ref-format
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|/\.|\.lock(?:/|$)|^@$")
#: What the bot can speak in a project: one language, or two one under the other.
LANGUAGES = ("en", "de", "en,de", "de,en")


#: A pause that ends by itself ends within this.
LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True)
class Pause:
    """A project takes no new money and no new tasks; `until` None: until a decider says so. The reason is public."""

    reason: str
    until: datetime | None


def pause_now(since: datetime | None, until: datetime | None, reason: str, now: datetime) -> Pause | None:
    """The pause that holds at a moment; one whose end is reached is over, whether or not anybody noted it."""
    if since is None or (until is not None and until <= now):
        return None
    return Pause(reason, until)


def pause_end(typed: str, now: datetime) -> datetime | None:
    """The beginning of a typed day (UTC), None for an empty text; ValueError says what is wrong."""
    text = typed.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("That is not a day. Write it as 2030-12-31, or leave it empty.") from None
    end = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
    if end <= now:
        raise ValueError("That day has begun already. Choose a later one, or leave it empty.")
    if end - now > LONGEST_PAUSE:
        raise ValueError("That is more than a year away. Leave it empty, and resume when it is time.")
    return end


def is_maintainer(permission: int) -> bool:
    """Whether this permission may merge, and so open tasks and count as an independent merger."""
    return permission >= WRITE


def is_decider(permission: int) -> bool:
    """Whether this permission decides about claims and objections."""
    return permission >= MAINTAIN


def may_block(own: int, theirs: int) -> bool:
    """Whether somebody with `own` permission may block somebody with `theirs`: maintainers those below them.

    Nobody blocks a decider.
    """
    return is_maintainer(own) and theirs < own and not is_decider(theirs)


def branch_names(text: str) -> list[str]:
    """The names of branches in a text, a line or comma apart, each once and as git spells it; ValueError says why not.

    A pattern (`release/*`) is no name: where merges pay has to be read off a page.
    """
    names = list(dict.fromkeys(name.strip() for name in re.split(r"[\n,]", text) if name.strip()))
    for name in names:
        if len(name) > LONGEST_BRANCH or _NO_BRANCH.search(name):
            raise ValueError(f"“{name[:60]}” is not the name of a branch. Write one name on each line.")
    if len(names) > MOST_BRANCHES:
        raise ValueError(f"At most {MOST_BRANCHES} branches can be listed.")
    return names
