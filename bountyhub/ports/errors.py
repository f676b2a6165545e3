"""What can go wrong outside, told apart by what the caller should do next."""

from __future__ import annotations

from datetime import datetime


class OutsideError(Exception):
    """Any failure of an outside service; the text is safe to log (no secrets, no bodies)."""


class OutsideUnavailable(OutsideError):
    """Not reached, timed out or 5xx: the outcome is unknown, ask again with the same idempotency key."""


class RetryAt(OutsideUnavailable):
    """A rate limit: nothing happened; ask again at `at` (protocol time). `who` asks for that, where people may know."""

    def __init__(self, message: str, at: datetime, who: str = "") -> None:
        super().__init__(message)
        self.at, self.who = at, who


class OutsideGone(OutsideError):
    """The object doesn't exist (any more) or may not be seen."""


class OutsideRefused(OutsideError):
    """Understood and refused for good; `code` is the service's own word, `about` the object it left behind."""

    def __init__(self, message: str, code: str = "", about: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.about = about


class NotInstalled(OutsideRefused):
    """A forge's App was removed from an account, or suspended: says nothing about whether what was asked for exists."""
