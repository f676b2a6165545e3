"""Reads numbers and words of an address; what can't be one is refused with what would do."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from flask import request

from bountyhub import settings
from bountyhub.kit.errors import DomainError
from bountyhub.work.listing import PAGE

#: What the databases can count to.
LARGEST = 2**63 - 1
LARGEST_PAGE = 100


class BadFilter(DomainError):
    """A parameter with a value that it can't have, or one that is missing."""

    status = 400
    code = "bad_filter"


def number(name: str, default: int | None = None, *, least: int = 0, most: int = LARGEST) -> int:
    """A whole number between two others; raises BadFilter, also when it is missing and has no default."""
    typed = request.args.get(name, "" if default is None else str(default))
    known = len(typed) <= len(str(most)) and typed.isascii() and typed.isdigit()
    if not known or not least <= int(typed) <= most:
        raise BadFilter(f"{name} is a number.", advice=f"From {least} to {most}.")
    return int(typed)


def limit() -> int:
    """How many rows; raises BadFilter."""
    return number("limit", PAGE, least=1, most=LARGEST_PAGE)


def word(name: str, known: Collection[str]) -> str | None:
    """One of these words, None where the address has none; raises BadFilter."""
    typed = request.args.get(name)
    if typed is not None and typed not in known:
        raise BadFilter(f"There is no such {name}.", advice=f"These are: {', '.join(sorted(known))}.")
    return typed


def next_page(after: int | str | None) -> str | None:
    """The address of the following page, None at the end."""
    if after is None:
        return None
    kept = {name: value for name, value in request.args.items() if name != "after"}
    return f"{settings.current().PUBLIC_URL}{request.path}?{urlencode({**kept, 'after': after})}"
