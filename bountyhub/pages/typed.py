"""What comes in from outside, made safe to ask the database with: numbers that fit, texts without NUL.

Both engines refuse the rest by an accident of their own, and an address that can't be is simply not found.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from bountyhub.kit.errors import NotFound

blueprint = Blueprint("typed", __name__)
LARGEST = 2**63 - 1


@blueprint.app_url_value_preprocessor
def _refuse_impossible(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """For every address of the application."""
    for value in (values or {}).values():
        too_large = isinstance(value, int) and value > LARGEST
        if too_large or (isinstance(value, str) and "\x00" in value):
            raise NotFound("There is nothing at this address.")


def posted(name: str) -> str:
    """One field of a form."""
    return without_nul(request.form.get(name, ""))


def asked(name: str) -> str:
    """One part of the address after the question mark."""
    return without_nul(request.args.get(name, ""))


def asked_number(name: str, default: int, most: int = LARGEST) -> int:
    """A number after the question mark, brought between 0 and `most`."""
    return min(max(request.args.get(name, default, type=int), 0), most)


def posted_number(name: str) -> int:
    """A number in a form, brought between 0 and the largest; 0 where there is none."""
    return min(max(request.form.get(name, 0, type=int), 0), LARGEST)


def without_nul(text: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return text.replace("\x00", "")
