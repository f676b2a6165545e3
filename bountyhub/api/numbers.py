"""Numbers in an address's parameters."""

from __future__ import annotations

from flask import request

from bountyhub.kit.errors import DomainError

_DIGITS = 18  # below 2^63, and so for every column


class BadNumber(DomainError):
    """A parameter that is no number, or one out of range."""

    status = 400
    code = "bad_number"


def whole(name: str, default: int | None = None) -> int:
    """A whole number from 0; raises BadNumber when it is missing and has no default."""
    typed = request.args.get(name, "" if default is None else str(default))
    if not (typed.isascii() and typed.isdigit()) or len(typed) > _DIGITS:
        raise BadNumber(f"{name} is a whole number.", advice=f"Write e.g. {name}=100.")
    return int(typed)


def at_most(largest: int, name: str, default: int) -> int:
    """A whole number from 1 to `largest`; raises BadNumber."""
    found = whole(name, default)
    if not 1 <= found <= largest:
        raise BadNumber(f"{name} is a number from 1 to {largest}.", advice=f"Write e.g. {name}={default}.")
    return found
