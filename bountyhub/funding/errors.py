"""Refusals of the funding feature; each says what it means for the money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bountyhub.kit.errors import Conflict, DomainError
from bountyhub.kit.money import Money, plain


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
            advice="Nothing was charged. Please come back later.",
        )


class TooMuchUnpaid(Conflict):
    """Payments that were begun and not finished already reserve as much as they may."""

    code = "too_much_unpaid"

    def __init__(self, whose: str, *, alone: bool) -> None:
        begun = "You have" if whose == "you" else "Other people have"
        message = (
            "That is more than this site can take in one payment at the moment."
            if alone else f"{begun} begun payments that are not finished, and this one would be too much beside them."
        )  # fmt: skip
        wait = "or wait: what isn’t paid ends by itself, mostly within an hour"
        does = "Choose a smaller amount." if alone else f"Finish them, choose a smaller amount, {wait}."
        super().__init__(message, advice=f"Nothing was charged. {does}")


class TooManyTries(DomainError):
    """Too many payments were begun, or too many cards declined, within an hour; `until` is when it goes on."""

    status = 429
    code = "too_many_tries"

    def __init__(self, until: datetime, contact: str) -> None:
        whole = (until + timedelta(seconds=59)).astimezone(UTC)
        write = f"write to {contact}" if contact else "write to whoever operates this site"
        super().__init__(
            "That was tried too many times within an hour, by you, from your network or for this task.",
            advice=f"Nothing was charged. Try again at {whole:%H:%M} UTC, or {write}.",
            until=until.isoformat(),
        )


class CantWithdraw(Conflict):
    """The money can't be taken back now."""

    code = "cant_withdraw"


class NotUnclaimed(Conflict):
    """Only a refund that failed can be given back another way."""

    code = "not_unclaimed"

    def __init__(self, state: str) -> None:
        super().__init__(f"This refund is {state}: only one that failed can be given back another way.")


class CantMatch(Conflict):
    """Money that was not as agreed can't be held for its task."""

    code = "cant_match"

    def __init__(self, message: str) -> None:
        super().__init__(message, advice="Nothing was moved. It goes back to its payer by itself after seven days.")


class CantMove(Conflict):
    """The money can't go to that task."""

    code = "cant_move"


class CantRenew(Conflict):
    """There is nothing to renew."""

    code = "cant_renew"

    def __init__(self) -> None:
        super().__init__(
            "Nothing of this contribution is held any more, so there is nothing to renew.",
            advice="You can fund the task again on its page.",
        )


class BadBuyer(DomainError):
    """Something that was typed for the papers or the tax can't be; `field` is which."""

    status = 422
    code = "bad_buyer"

    def __init__(self, field: str, message: str, advice: str) -> None:
        super().__init__(message, advice=advice)
        self.field = field


class NotAtTheBank(Conflict):
    """More was to be drawn than own money is at the bank."""

    code = "not_at_the_bank"

    def __init__(self, asked: Money, there: Money) -> None:
        super().__init__(
            f"{plain(asked)} can't be drawn: {plain(there)} of own money are at the bank.",
            advice="A payout is in the books once the processor tells of it; wait a minute, or draw less.",
        )


class BadBankDetails(DomainError):
    """No bank account is named by that."""

    status = 422
    code = "bad_bank_details"

    def __init__(self) -> None:
        super().__init__("That is no bank account.", advice="Type the IBAN as your bank writes it, and whose it is.")


class SetApart(Conflict):
    """The sum of a refund isn't at the processor any more."""

    code = "set_apart"

    def __init__(self) -> None:
        super().__init__(
            "This refund is set apart at the bank.", advice="Send it from there, and note that it was sent."
        )


class BadTax(DomainError):
    """A payment of tax that can't be written down."""

    code = "bad_tax"
