"""Somebody by the name they have at the forge now; from then on only their number counts."""

from __future__ import annotations

import re

from bountyhub.kit.errors import DomainError
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgePerson

#: A login, with or without its @, or the address of its page; bots have brackets.
_LOGIN = re.compile(r"(?:https?://[^/\s]+/|@)?([A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?)/?", re.ASCII)


class NobodyNamed(DomainError):
    """A name that nobody has at the forge."""

    status = 422
    code = "nobody_named"


def find_by_login(repository: int, typed: str) -> ForgePerson:
    """Whose name that is now, asked for as the App in a repository (forge id); raises NobodyNamed, OutsideError."""
    match = _LOGIN.fullmatch(typed.strip())
    if match is None:
        raise NobodyNamed("That is not a name on GitHub.", advice="Write it as @name.")
    try:
        who = forge().find_person(repository, match[1])
    except OutsideGone:
        who = ForgePerson(0, "")
    if not who.id:
        raise NobodyNamed(f"There is no @{match[1]} on GitHub.", advice="Check how it is spelled.")
    return who
