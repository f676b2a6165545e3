"""Refusals of the people feature."""

from __future__ import annotations

from bountyhub.kit.errors import DomainError


class BadEmail(DomainError):
    """What was typed is no e-mail address."""

    status = 422
    code = "bad_email"

    def __init__(self) -> None:
        super().__init__("That is not an e-mail address.", advice="Type it like name@example.org.")


class AddressTaken(DomainError):
    """An address by which somebody else with a forge account signs in."""

    status = 409
    code = "address_taken"

    def __init__(self) -> None:
        super().__init__(
            "Another account here uses that address.", advice="Sign in to that one, or choose another address."
        )


class LinkOver(DomainError):
    """A mailed link that can't be used (any more)."""

    status = 410
    code = "link_over"

    def __init__(self) -> None:
        super().__init__("This link was used already or is too old.", advice="Ask for a new one on the sign-in page.")


class Ambiguous(DomainError):
    """A login that several accounts had, one after the other."""

    status = 409
    code = "ambiguous"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} accounts were called that.", advice="Name the person's number or e-mail address.")
