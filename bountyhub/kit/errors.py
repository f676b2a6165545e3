"""The one family of refusals: each carries an HTTP status, a sentence for the person and the facts behind it."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A request that can't be granted. Subclasses stand beside the code that raises them.

    `message` says what happened; `advice` what the person can do; `facts` go to JSON answers and logs.
    """

    status = 400
    code = "refused"
    advice = ""

    def __init__(self, message: str, *, advice: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice or self.advice
        self.facts = facts


class NotFound(DomainError):
    """What the address names doesn't exist, or this person may not know of it."""

    status = 404
    code = "not_found"


class Forbidden(DomainError):
    """This person may not do this."""

    status = 403
    code = "forbidden"


class SignInNeeded(Forbidden):
    """Only a signed-in person may do this."""

    status = 401
    code = "sign_in_needed"


class SignInAgain(SignInNeeded):
    """Only somebody who has just signed in may do this."""

    code = "sign_in_again"


class Conflict(DomainError):
    """The state of things doesn't allow this event (any more)."""

    status = 409
    code = "conflict"
