"""Refunds: money back to the card. They may wait for funds, stay pending, or fail days later and come back.

Found by charge (`ref`).
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import balance, fraud_warnings, later, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import card_for
from bountyhub.sandbox.stripe.errors import ApiError, bad_param
from bountyhub.sandbox.stripe.ids import new_id
from bountyhub.sandbox.stripe.money import require_round, shown

Doc = dict[str, Any]
KIND = "stripe.refund"


def create(call: Call, params: Doc) -> Doc:
    """Give back all that is left of a charge, or a part."""
    charge = _charge_of(call, params)
    _require_undisputed(call, charge)
    amount = _amount(charge, params)
    refund = records.save(call.tx, _build(call, charge, amount, params), ref=charge["id"])
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge = _count(call, charge, amount)
    fraud_warnings.settled(call, charge)
    refund = _start(call, charge, refund)
    call.note("refund.created", refund)
    call.note("charge.refunded", charge, before)
    return refund


def succeed(call: Call, id: str) -> None:
    """A pending refund has gone through."""
    refund = records.find(call.tx, id)
    if refund is None or refund["status"] != "pending" or refund["balance_transaction"] is None:
        return
    done = records.save(call.tx, refund | {"status": "succeeded", "pending_reason": None})
    call.note("refund.updated", done, {"status": "pending"})


def fail(call: Call, id: str, reason: str = "expired_or_canceled_card") -> Doc:
    """The bank could not take it: the money comes back to the balance, the charge is no longer refunded by it."""
    refund = records.load(call.tx, "re", id)
    if refund["status"] not in ("pending", "succeeded"):
        raise ApiError(f"Refund {id} is already {refund['status']}.", param="refund")
    later.forget(call.tx, "fail_refund", id)
    before = {"status": refund["status"]}
    changed = refund | {"status": "failed", "failure_reason": reason, "pending_reason": None}
    if refund["balance_transaction"] is not None:
        back = balance.book(call, "refund_failure", refund["amount"], refund["currency"], id)
        changed |= {"failure_balance_transaction": back["id"]}
    records.save(call.tx, changed)
    _count(call, records.load(call.tx, "ch", refund["charge"]), -refund["amount"])
    call.note("refund.updated", changed, before)
    call.note("refund.failed", changed)
    return changed


def fail_due(call: Call, id: str) -> None:
    """For the tick: the refund to a card that refuses refunds."""
    refund = records.find(call.tx, id)
    if refund is not None and refund["status"] in ("pending", "succeeded"):
        fail(call, id)


def retry_waiting(call: Call, id: str) -> None:
    """For the tick: a refund that waited for funds or for its charge is started as soon as it can be."""
    refund = records.find(call.tx, id)
    if refund is None or refund["status"] != "pending" or refund["balance_transaction"] is not None:
        return
    started = _start(call, records.load(call.tx, "ch", refund["charge"]), refund)
    if started["balance_transaction"] is not None:
        call.note("refund.updated", started, {"status": "pending", "balance_transaction": None})


def _start(call: Call, charge: Doc, refund: Doc) -> Doc:
    """Book the refund if its charge is booked and there is money; else it waits."""
    waiting = _why_wait(call, charge, refund)
    if waiting is not None:
        later.plan(call.tx, "retry_refund", refund["id"], call.real)
        return records.save(call.tx, refund | {"status": "pending", "pending_reason": waiting})
    booked = records.load(call.tx, "txn", charge["balance_transaction"])
    taken = balance.book(
        call, "refund", -refund["amount"], refund["currency"], refund["id"], available_on=booked["available_on"]
    )
    ending = card_for(charge["_card"]).refund
    if ending != "succeeded":
        action = "fail_refund" if ending == "fails" else "succeed_refund"
        later.plan(call.tx, action, refund["id"], call.real + call.options.refund_seconds)
    status = ("pending", "processing") if ending == "pending" else ("succeeded", None)
    changed = {"balance_transaction": taken["id"], "status": status[0], "pending_reason": status[1]}
    return records.save(call.tx, refund | changed)


def _why_wait(call: Call, charge: Doc, refund: Doc) -> str | None:
    if charge["balance_transaction"] is None:
        return "charge_pending"
    booked = records.load(call.tx, "txn", charge["balance_transaction"])
    if booked["available_on"] > call.now:
        return None
    return "insufficient_funds" if balance.available(call, refund["currency"]) < refund["amount"] else None


def _charge_of(call: Call, params: Doc) -> Doc:
    if "charge" in params:
        charge = records.load(call.tx, "ch", params["charge"], "charge", 404)
        if params.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
            raise bad_param("The charge does not belong to this payment_intent.", "payment_intent")
        return _refundable(charge, charge["id"])
    if "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise ApiError(message, saved=False)
    intent = records.load(call.tx, "pi", params["payment_intent"], "payment_intent", 404)
    charge_or_none = records.find(call.tx, intent["latest_charge"])
    if charge_or_none is None:
        raise ApiError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return _refundable(charge_or_none, intent["id"])


def _refundable(charge: Doc, asked: str) -> Doc:
    if charge["status"] != "succeeded":
        raise ApiError(f"This PaymentIntent ({asked}) does not have a successful charge to refund.")
    if charge["refunded"]:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    return charge


def _require_undisputed(call: Call, charge: Doc) -> None:
    """While the bank has (a part of) it, nothing of a charge is given back; nor what it kept."""
    for dispute in call.tx.all("stripe.dispute", ref=charge["id"]):
        whole = dispute["status"] == "lost" and dispute["amount"] == charge["amount"]
        if whole or (dispute["status"] not in ("won", "lost") and not dispute["is_charge_refundable"]):
            raise ApiError(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
            )


def _amount(charge: Doc, params: Doc) -> int:
    left: int = charge["amount"] - charge["amount_refunded"]
    amount: int = params.get("amount", left)
    if amount > left:
        currency = charge["currency"]
        raise ApiError(
            f"Refund amount ({shown(amount, currency)}) is greater than unrefunded amount on charge"
            f" ({shown(left, currency)})",
            param="amount",
        )
    require_round(amount, charge["currency"], "amount")
    return amount


def _count(call: Call, charge: Doc, amount: int) -> Doc:
    refunded = charge["amount_refunded"] + amount
    changed = {"amount_refunded": refunded, "refunded": refunded == charge["amount"]}
    return records.save(call.tx, charge | changed)


def _destination(method: str) -> Doc:
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    return {"card": card, "type": "card"} if method == "card" else {"type": method}


def _build(call: Call, charge: Doc, amount: int, params: Doc) -> Doc:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "destination_details": _destination(charge["payment_method_details"]["type"]),
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }
