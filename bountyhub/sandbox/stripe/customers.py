"""Customers and their saved cards (payment methods): made by a checkout that saves a card, detached, deleted.

Payment methods are found by their customer (`ref`). The number behind one is private; `card_of` reads it.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import Card, card_for
from bountyhub.sandbox.stripe.errors import ApiError, bad_param, no_such
from bountyhub.sandbox.stripe.forms import EXPAND, Schema, email, metadata, text
from bountyhub.sandbox.stripe.ids import new_id, token
from bountyhub.sandbox.stripe.operation import Operation, retrieve

Doc = dict[str, Any]
METHODS = "stripe.payment_method"
NOTHING = (
    "address", "currency", "default_source", "description", "discount", "email", "name", "phone", "shipping",
    "test_clock",
)  # fmt: skip

CREATE: Schema = EXPAND | {"description": text(), "email": email(), "metadata": metadata(), "name": text(256)}


def create(call: Call, given: Doc) -> Doc:
    """A customer without a card."""
    customer: Doc = {
        **dict.fromkeys(NOTHING),
        "id": new_id("cus"),
        "object": "customer",
        "balance": 0,
        "created": call.now,
        "delinquent": False,
        "invoice_prefix": token(8).upper(),
        "invoice_settings": dict.fromkeys(("custom_fields", "default_payment_method", "footer", "rendering_options")),
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }
    customer.update({name: given[name] for name in ("description", "email", "name") if name in given})
    call.note("customer.created", records.save(call.tx, customer))
    return customer


def attach(call: Call, customer: str, card: Card, mail: str | None) -> Doc:
    """Save a card to a customer."""
    nowhere = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    method = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {"address": nowhere, "email": mail, "name": None, "phone": None, "tax_id": None},
        "card": _card(card),
        "created": call.now,
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "radar_options": {},
        "type": "card",
        "_card": card.number,
    }
    records.save(call.tx, method, ref=customer)
    call.note("payment_method.attached", method)
    return method


def card_of(call: Call, method: str, customer: str | None) -> tuple[Doc, Card]:
    """A customer's saved card; refuses one that is detached or somebody else's, as Stripe does."""
    found = records.load(call.tx, "pm", method, "payment_method", 400)
    if found["customer"] is None:
        raise bad_param(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared"
            " with a connected account without Customer attachment, or was detached from a Customer. It may not be"
            " used again.",
            "payment_method",
        )
    if found["customer"] != customer:
        raise bad_param(
            f"The PaymentMethod {method} does not belong to the Customer {customer}. Please use this PaymentMethod"
            " with the Customer that it belongs to instead.",
            "payment_method",
        )
    return found, card_for(found["_card"])


def detach(call: Call, given: Doc, id: str) -> Doc:
    """Forget a saved card: it can't be used any more."""
    method = records.load(call.tx, "pm", id, "payment_method")
    if method["customer"] is None:
        raise ApiError(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    return _detach(call, method)


def delete(call: Call, given: Doc, id: str) -> Doc:
    """Forget a customer with their saved cards."""
    customer = _customer(call, id)
    for method in call.tx.all(METHODS, ref=id):
        if method["customer"] is not None:
            _detach(call, method)
    call.note("customer.deleted", customer)
    return records.save(call.tx, {"id": id, "object": "customer", "deleted": True})


def known(call: Call, id: str) -> Doc:
    """A customer that may be charged."""
    return _customer(call, id, "customer", 400)


def _customer(call: Call, id: str, param: str = "id", status: int = 404) -> Doc:
    found = records.load(call.tx, "cus", id, param, status)
    if found.get("deleted"):
        raise no_such("customer", id, param, status)
    return found


def _detach(call: Call, method: Doc) -> Doc:
    loose = records.save(call.tx, method | {"customer": None})
    call.note("payment_method.detached", loose, {"customer": method["customer"]})
    return loose


def _card(card: Card) -> Doc:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": card.fingerprint,
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def attempted(card: Card) -> Doc:
    """A card as an attempt to save it tells of it."""
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    found = _card(card)
    return {name: found[name] for name in same} | {"network": card.brand, "three_d_secure": None}


CUSTOMER, METHOD = "/v1/customers/{customer}", "/v1/payment_methods/{method}"
OPERATIONS = (
    Operation("POST", "/v1/customers", CREATE, create),
    Operation("GET", CUSTOMER, EXPAND, retrieve("cus")),
    Operation("DELETE", CUSTOMER, {}, delete),
    Operation("GET", METHOD, EXPAND, retrieve("pm", "payment_method")),
    Operation("POST", METHOD + "/detach", EXPAND, detach),
)
