"""What everybody may read of why somebody can't be paid: on claims, in the check run and the next-step sentence.

No country, no currency and no requirement is named there: those are the payee's own affair. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unpaid:
    """`why` follows their name; `then` says what becomes of the money; `for_good`: waiting alone won't mend it."""

    why: str
    then: str
    for_good: bool = False


_KEPT = "until then the money is kept for them"
_CHOOSE = "they choose where it goes, else it goes back to the backers"
_BY_STATE = {
    "restricted": Unpaid("can’t be paid here yet: the payment provider asks them for more", _KEPT),
    "gone": Unpaid("can’t be paid here yet: their payout account was disconnected", _KEPT),
    "unpayable": Unpaid("can’t be paid here: no money can be sent to their country", _CHOOSE, for_good=True),
}
NOT_CONNECTED = Unpaid("has not connected a payout account yet", _KEPT)
_REJECTED = Unpaid("can’t be paid here: the payment provider refused their account", _CHOOSE, for_good=True)


def is_rejected(disabled_reason: str) -> bool:
    """Whether the processor refused an account for good."""
    return disabled_reason.startswith("rejected")


def why_unpaid(state: str | None, disabled_reason: str = "") -> Unpaid | None:
    """Why somebody in this state (None: no account was ever asked for) can't be paid; None for who can."""
    if state == "ready":
        return None
    if state == "restricted" and is_rejected(disabled_reason):
        return _REJECTED
    return _BY_STATE.get(state or "", NOT_CONNECTED)
