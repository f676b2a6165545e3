"""The test cards of https://docs.stripe.com/testing that the checkout page offers, and what each does.

Used by `checkout_page`, `payments` and `refunds`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """`decline` names a failure, `challenge` asks for 3-D Secure, `refund` says how a refund to it will end,
    `then` what its bank does after the payment: `dispute`, `inquiry` or `warning`."""

    number: str
    title: str
    brand: str = "visa"
    country: str = "DE"
    decline: str | None = None
    challenge: bool = False
    refund: str = "succeeded"
    #: Can be saved for later though a charge of it is declined.
    saves: bool = False
    #: Demands 3-D Secure also for a charge while its owner isn't there.
    asks_again: bool = False
    then: str | None = None

    @property
    def foreign(self) -> bool:
        return self.country not in EUROPE

    @property
    def last4(self) -> str:
        return self.number[-4:]


@dataclass(frozen=True)
class Decline:
    """Why a charge failed: Stripe's error code, the issuer's reason and the sentence shown."""

    code: str
    decline_code: str | None
    message: str


EUROPE = {"AT", "BE", "DE", "ES", "FI", "FR", "IE", "IT", "NL", "PL", "PT", "SE", "DK"}

CARDS = (
    Card("4242424242424242", "Succeeds"),
    Card("5555555555554444", "Succeeds (Mastercard)", brand="mastercard"),
    Card("4000003920000003", "Succeeds, foreign card: costs more", country="JP"),
    Card("4000000000000002", "Declined", decline="generic_decline"),
    Card("4000000000009995", "Declined: insufficient funds", decline="insufficient_funds"),
    Card("4000000000000069", "Declined: expired card", decline="expired_card"),
    Card("4000002500003155", "Asks for 3-D Secure once: when it is saved, or paid with", challenge=True),
    Card("4000002760003184", "Asks for 3-D Secure each time", challenge=True, asks_again=True),
    Card("4000000000000341", "Can be saved; each charge is declined", decline="generic_decline", saves=True),
    Card("4000008400001629", "3-D Secure, then declined", challenge=True, decline="generic_decline"),
    Card("4000000000005126", "Succeeds; a refund fails later", refund="fails"),
    Card("4000000000000259", "Succeeds; disputed as fraud", then="dispute"),
    Card("4000000000001976", "Succeeds; its bank inquires", then="inquiry"),
    Card("4000000000005423", "Succeeds; early fraud warning", then="warning"),
    Card("4000000000007726", "Succeeds; a refund stays pending a while", refund="pending"),
)

_DECLINED = "Your card was declined."
DECLINES = {
    "generic_decline": Decline("card_declined", "generic_decline", _DECLINED),
    "insufficient_funds": Decline("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "expired_card": Decline("expired_card", None, "Your card has expired."),
    "incorrect_number": Decline("incorrect_number", None, "Your card number is incorrect."),
    "not_a_test_card": Decline(
        "card_declined",
        "test_mode_live_card",
        _DECLINED + " Your request was in test mode, but used a non test card.",
    ),
    "authentication_required": Decline(
        "authentication_required",
        "authentication_required",
        _DECLINED + " This transaction requires authentication.",
    ),
    "setup_authentication": Decline(
        "setup_intent_authentication_failure",
        None,
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    ),
    "authentication": Decline(
        "payment_intent_authentication_failure",
        None,
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    ),
}


def card_for(number: str) -> Card:
    """The listed card, or one that is declined: a wrong number, or one that could be somebody's real card."""
    digits = "".join(character for character in number if character.isdigit())
    for card in CARDS:
        if card.number == digits:
            return card
    reason = "not_a_test_card" if _luhn(digits) else "incorrect_number"
    return Card("4" + digits[-4:].rjust(4, "0"), "Unknown card", decline=reason)


def _luhn(digits: str) -> bool:
    if not 12 <= len(digits) <= 19:
        return False
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
