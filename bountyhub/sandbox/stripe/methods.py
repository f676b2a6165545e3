"""Means of payment: which a session offers, what a charge says of the one it was paid by, and what it costs.

Cards, debits of bank accounts in euros (`sepa_debit`: the bank answers in days) and Bancontact (its payer confirms it
on their bank's page). Used by sessions, payments and charges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import Card
from bountyhub.sandbox.stripe.ids import new_id
from bountyhub.sandbox.stripe.money import card_fee

Doc = dict[str, Any]
#: In the order in which the page offers them.
METHODS = {"card": "Card", "sepa_debit": "SEPA debit", "bancontact": "Bancontact"}
EUROS_ONLY = ("sepa_debit", "bancontact")
DAY = 86_400
#: The bank account is debited so long after the order.
DEBITED_AFTER = 2 * DAY
SEPA_FEE = 35
BANCONTACT_FIXED, BANCONTACT_PER_MILLE = 25, 14


def offered(allowed: list[str] | None, currency: str | None) -> list[str]:
    """What a session takes: of those it allows the ones that take its currency; cards alone where it allows none."""
    return [each for each in METHODS if each in (allowed or ["card"]) and (each not in EUROS_ONLY or currency == "eur")]


def session_options(types: Sequence[str]) -> Doc:
    """A session's `payment_method_options`."""
    return {each: {"request_three_d_secure": "automatic"} if each == "card" else {} for each in types}


def intent_options(types: Sequence[str]) -> Doc:
    """A payment intent's `payment_method_options`."""
    return {each: _INTENT_OPTIONS[each] for each in types}


def details(call: Call, card: Card) -> Doc:
    """A charge's `payment_method_details` where it isn't paid by card."""
    country, bank = card.number[:2], card.number[4:9]
    if card.method == "sepa_debit":
        of: Doc = {
            "bank_code": bank, "branch_code": "", "country": country, "fingerprint": card.fingerprint,
            "expected_debit_date": call.day_of(call.now + DEBITED_AFTER), "last4": card.last4,
            "mandate": new_id("mandate"),
        }  # fmt: skip
    else:
        of = {
            "bank_code": "VAPE", "bank_name": "VAN DE PUT & CO", "bic": "VAPEBE22", "generated_sepa_debit": None,
            "generated_sepa_debit_mandate": None, "iban_last4": "7061", "preferred_language": "en",
            "verified_name": "Jenny Rosen",
        }  # fmt: skip
    return {card.method: of, "type": card.method}


def fee_of(charge: Doc) -> int:
    """What a charge costs, minor units."""
    method, amount = charge["payment_method_details"]["type"], int(charge["amount"])
    if method == "sepa_debit":
        return min(SEPA_FEE, amount)
    if method == "bancontact":
        return min(amount, amount * BANCONTACT_PER_MILLE // 1000 + BANCONTACT_FIXED)
    return card_fee(amount, charge["currency"], charge["_foreign"])


_INTENT_OPTIONS: dict[str, Doc] = {
    "card": {
        "installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic",
    },
    "sepa_debit": {},
    "bancontact": {"preferred_language": "en"},
}  # fmt: skip
