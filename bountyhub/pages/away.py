"""What people read while an outside service doesn't answer, or asks us to wait: until when, in UTC."""

from __future__ import annotations

import logging
from datetime import timedelta

from werkzeug.wrappers import Response

from bountyhub.http import errors
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideError, RetryAt

log = logging.getLogger("bountyhub.pages")
SILENT = "A service we need isn’t answering right now."


def sentences(error: OutsideError) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if not isinstance(error, RetryAt) or not error.who:
        return SILENT, "Nothing was changed or charged. Please try again in a minute."
    whole = error.at.replace(second=0, microsecond=0)
    until = whole if whole == error.at else whole + timedelta(minutes=1)
    return f"{error.who} asks us to wait until {until:%H:%M} UTC.", "Nothing was changed or charged. Please try then."


def answer(error: OutsideError) -> Response:
    """The page (or JSON) instead of the one asked for: 503, with `Retry-After` in seconds where it is known."""
    log.warning("outside: %s", error)
    made = errors.answer(503, "outside_unavailable", *sentences(error))
    if isinstance(error, RetryAt):
        wait = max(1, round((error.at - clock.real_now()).total_seconds()))
        made.headers["Retry-After"] = str(wait)
    return made
