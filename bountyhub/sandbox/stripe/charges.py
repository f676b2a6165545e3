"""Charges: what a card payment (or a failed try) leaves behind, and when its money is booked.

Made by `payments`; found by payment intent (`ref`).
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import balance, later, methods, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import Card, Decline
from bountyhub.sandbox.stripe.ids import new_id, token

Doc = dict[str, Any]
KIND = "stripe.charge"


def succeed(call: Call, intent: Doc, card: Card, email: str | None) -> Doc:
    """A paid charge. It is booked at once, or later when the capture is asynchronous or charges pend."""
    return _paid(call, _charge(call, intent, card, email), intent)


def ask_bank(call: Call, intent: Doc, account: Card, email: str | None) -> Doc:
    """A charge about which the payer's bank decides in days."""
    charge = _charge(call, intent, account, email) | {"paid": False, "status": "pending"}
    call.note("charge.pending", records.save(call.tx, charge, ref=intent["id"]))
    return charge


def arrive(call: Call, charge: Doc) -> Doc:
    """The bank said yes to a pending charge."""
    return _paid(call, charge, records.load(call.tx, "pi", charge["payment_intent"]))


def refuse(call: Call, charge: Doc, decline: Decline) -> Doc:
    """The bank said no to a pending charge."""
    failed = records.save(call.tx, charge | _failed(decline), ref=charge["payment_intent"])
    call.note("charge.failed", failed)
    return failed


def _paid(call: Call, charge: Doc, intent: Doc) -> Doc:
    captured = {"amount_captured": charge["amount"], "captured": True, "paid": True, "status": "succeeded"}
    records.save(call.tx, charge | captured, ref=intent["id"])
    if call.options.charges_pend:
        later.plan(call.tx, "settle_charge", charge["id"], call.real)
    elif intent["capture_method"] == "automatic_async":
        later.plan(call.tx, "settle_charge", charge["id"], call.real + call.options.async_seconds)
    else:
        _book(call, records.load(call.tx, "ch", charge["id"]))
    done = records.load(call.tx, "ch", charge["id"])
    call.note("charge.succeeded", done)
    return done


def fail(call: Call, intent: Doc, card: Card, email: str | None, decline: Decline) -> Doc:
    """A charge that the issuer refused."""
    charge = _charge(call, intent, card, email) | _failed(decline)
    records.save(call.tx, charge, ref=intent["id"])
    call.note("charge.failed", charge)
    return charge


def _failed(decline: Decline) -> Doc:
    return {
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": _refused(decline),
        "paid": False,
        "status": "failed",
    }


def settle(call: Call, id: str) -> None:
    """Book a charge that was paid without a balance transaction, and what was waiting for it."""
    charge = records.load(call.tx, "ch", id)
    if charge["balance_transaction"] is not None or charge["status"] != "succeeded":
        return
    charge = _book(call, charge)
    call.note("charge.updated", charge, {"balance_transaction": None})
    booked = records.load(call.tx, "txn", charge["balance_transaction"])
    for transfer in call.tx.all("stripe.transfer", ref=id):
        sent = records.find(call.tx, transfer["balance_transaction"])
        if sent is not None:
            balance.pend_until(call, sent, booked["available_on"])


def unsettled(call: Call) -> list[Doc]:
    """Paid charges whose money is not booked yet."""
    waiting = call.tx.find(KIND, balance_transaction=None, status="succeeded")
    return waiting


def _book(call: Call, charge: Doc) -> Doc:
    ready = call.now + call.options.funds_pend_days * balance.DAY
    booked = balance.book(
        call,
        "charge",
        charge["amount"],
        charge["currency"],
        charge["id"],
        fee=methods.fee_of(charge),
        available_on=ready,
        description=charge["description"],
    )
    return records.save(call.tx, charge | {"balance_transaction": booked["id"]})


def _charge(call: Call, intent: Doc, card: Card, email: str | None) -> Doc:
    id = new_id("ch")
    return {
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": _billing_details(email),
        "calculated_statement_descriptor": "BOUNTYHUB",
        "captured": False,
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _approved(),
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"] or new_id("pm"),
        "payment_method_details": _details(call, intent["amount"], card),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{call.url}/receipts/{id}",
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
        "_card": card.number,
        "_foreign": card.foreign,
    }


def _billing_details(email: str | None) -> Doc:
    empty = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {"address": empty, "email": email, "name": None, "phone": None, "tax_id": None}


def _details(call: Call, amount: int, card: Card) -> Doc:
    if card.method != "card":
        return methods.details(call, card)
    return {"card": _card_details(amount, card), "type": "card"}


def _card_details(amount: int, card: Card) -> Doc:
    return {
        "amount_authorized": amount,
        "authorization_code": token(6).upper(),
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "exp_month": 12,
        "exp_year": 2034,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card.fingerprint,
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": token(15),
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": _three_d_secure() if card.challenge else None,
        "wallet": None,
    }


def _three_d_secure() -> Doc:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": token(32),
        "version": "2.2.0",
    }


def _approved() -> Doc:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def _refused(decline: Decline) -> Doc:
    return _approved() | {
        "advice_code": "try_again_later",
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": decline.decline_code or decline.code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
