"""The test cards and accounts of https://docs.stripe.com/testing that the checkout page offers, and what each does.

Used by `checkout_page`, `payments` and `refunds`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Card:
    """`decline` names a failure, `challenge` asks for 3-D Secure, `refund` says how a refund to it will end,
    `then` what its bank does after the payment: `dispute`, `inquiry` or `warning`; `late` names the failure that the
    bank of an account tells days later. Accounts (`method` isn't `card`) are looked up like cards."""

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
    method: str = "card"
    late: str | None = None

    @property
    def foreign(self) -> bool:
        return self.country not in EUROPE

    @property
    def fingerprint(self) -> str:
        """What tells one card from another, wherever it is used."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]

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

#: https://docs.stripe.com/payments/sepa-debit/accept-a-payment#test-integration
IBANS = tuple(
    Card(number, title, brand="sepa_debit", country="AT", method="sepa_debit", late=late, then=then)
    for number, title, late, then in (
        ("AT611904300234573201", "Arrives after some days", None, None),
        ("AT861904300235473202", "Refused after some days", "debit_refused", None),
        ("AT981904300002222227", "Refused after some days: insufficient funds", "no_funds", None),
        ("AT591904300235473203", "Arrives after some days, then called back", None, "dispute"),
    )
)
#: It has no number: its payer says yes or no on their bank's page.
BANCONTACT = Card("bancontact", "Bancontact", brand="bancontact", country="BE", method="bancontact", challenge=True)

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
    "not_offered": Decline(
        "payment_method_not_available", None, "This can't be paid that way. Please choose another payment method."
    ),
    "invalid_iban": Decline("invalid_number", None, "The IBAN you provided is invalid."),
    "debit_refused": Decline(
        "payment_intent_payment_attempt_failed", "generic_could_not_process", "The bank could not process the debit."
    ),
    "no_funds": Decline(
        "insufficient_funds", "insufficient_funds", "The customer's account has insufficient funds to cover this debit."
    ),
    "authentication": Decline(
        "payment_intent_authentication_failure",
        None,
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    ),
}


def typed(number: str, offered: list[str]) -> Card:
    """What the payer typed, declined where that isn't offered."""
    card = card_for(number)
    return card if card.method in offered else replace(card, challenge=False, decline="not_offered", saves=False)


def card_for(number: str) -> Card:
    """The listed card or account, or one that is declined: a wrong number, or one that could be somebody's real one."""
    if number.strip()[:2].isalpha():
        return _account_for(number)
    digits = "".join(character for character in number if character.isdigit())
    for card in CARDS:
        if card.number == digits:
            return card
    reason = "not_a_test_card" if _luhn(digits) else "incorrect_number"
    return Card("4" + digits[-4:].rjust(4, "0"), "Unknown card", decline=reason)


def _account_for(number: str) -> Card:
    written = "".join(number.split())
    for account in (BANCONTACT, *IBANS):
        if account.number.casefold() == written.casefold():
            return account
    return replace(IBANS[0], number=written.upper()[:34], title="Unknown account", decline="invalid_iban")


def _luhn(digits: str) -> bool:
    if not 12 <= len(digits) <= 19:
        return False
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
