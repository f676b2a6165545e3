"""Refusals of the funding feature; each says what it means for the money."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict, DomainError


class BadAmount(DomainError):
    """An amount that can't be paid."""

    status = 422
    code = "bad_amount"


class NoFloat(Conflict):
    """The operator's own funds don't cover what another payment would cost."""

    code = "no_float"

    def __init__(self, currency: str) -> None:
        super().__init__(
            f"This site can't take payments in {currency} at the moment: its operator's own funds there are used up.",
            advice="Nothing was charged. The operator has been told; please come back later.",
        )


class CantWithdraw(Conflict):
    """The money can't be taken back now."""

    code = "cant_withdraw"


class NotUnclaimed(Conflict):
    """Only a refund that failed can be given back another way."""

    code = "not_unclaimed"

    def __init__(self, state: str) -> None:
        super().__init__(f"This refund is {state}: only one that failed can be given back another way.")


class NotYours(DomainError):
    """Only the backer may do this with a contribution."""

    status = 403
    code = "not_yours"

    def __init__(self) -> None:
        super().__init__(
            "Only the backer of this contribution may do that.",
            advice="Use the link in your receipt, or sign in with the address it was sent to.",
        )
