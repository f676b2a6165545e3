"""Whom `/split @ana 70 @bo 30` names, asked of GitHub before its transaction."""

from __future__ import annotations

from bountyhub.bot.commands import Command, Misused
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgePerson
from bountyhub.work.operations.splits import Split
from bountyhub.work.rules_split import EXAMPLE, Unreadable, read_split


def look_up(repository: int, one: Command | Misused) -> Split | Misused:
    """The people by number; what to write instead where there is no such person."""
    if isinstance(one, Misused):
        return one
    parts = read_split(one.argument)
    if isinstance(parts, Unreadable):
        return Misused(one.name, f"{parts.why} {parts.advice}")
    found: list[tuple[ForgePerson, int]] = []
    for part in parts:
        try:
            found.append((forge().find_person(repository, part.login), part.percent))
        except OutsideGone:
            return Misused(one.name, f"There is no @{part.login}. Write `{EXAMPLE}` with their names on GitHub.")
    return Split(tuple(found))
