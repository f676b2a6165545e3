"""Payouts: the platform's own money to its bank. They arrive after two days, or fail and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.stripe import balance, later, lists, params, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.forms import EXPAND, PAGE, Schema, metadata, moment_range, one_of, text, whole
from bountyhub.sandbox.stripe.ids import new_id, token
from bountyhub.sandbox.stripe.money import require_round
from bountyhub.sandbox.stripe.operation import Operation

Doc = dict[str, Any]
KIND = "stripe.payout"
ARRIVES = 2 * balance.DAY
#: On payouts of a connected account: whose.
ACCOUNT = "_account"
STATES = ("canceled", "failed", "in_transit", "paid", "pending")

CREATE: Schema = EXPAND | {
    "amount": whole(1, required=True),
    "currency": params.TOPUP_CREATE["currency"],
    "description": text(),
    "metadata": metadata(),
    "method": one_of("standard"),
    "source_type": one_of("card"),
    "statement_descriptor": text(22),
}
LIST: Schema = PAGE | {"arrival_date": moment_range(), "created": moment_range(), "status": one_of(*STATES)}


def create(call: Call, given: Doc) -> Doc:
    """Take available money out of the balance; it is on its way to the bank now."""
    amount, currency = given["amount"], given["currency"]
    require_round(amount, currency, "amount")
    if balance.available(call, currency) < amount:
        raise ApiError(
            "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.",
            code="balance_insufficient",
        )
    id = new_id("po")
    booked = balance.book(call, "payout", -amount, currency, id, description=given.get("description"))
    payout = records.save(call.tx, build(call, id, given) | {"balance_transaction": booked["id"]})
    later.plan(call.tx, "pay_payout", id, payout["arrival_date"], business=True)
    call.note("payout.created", payout)
    return payout


def pay(call: Call, id: str) -> None:
    """For the tick: it has arrived."""
    payout = records.find(call.tx, id)
    if payout is not None and payout["status"] == "in_transit":
        paid = payout | {"status": "paid", "reconciliation_status": "not_applicable"}
        call.note("payout.paid", records.save(call.tx, paid), {"status": "in_transit"})


def fail(call: Call, id: str) -> Doc:
    """The bank refused it (also days after it was said to be paid): the money is in the balance again."""
    payout = records.load(call.tx, "po", id, "payout")
    if payout.get(ACCOUNT):
        raise ApiError(f"Payout {id} is of a connected account.", param="payout")
    if payout["status"] not in ("in_transit", "paid", "pending"):
        raise ApiError(f"Payout {id} is already {payout['status']}.", param="payout")
    later.forget(call.tx, "pay_payout", id)
    back = balance.book(call, "payout_failure", payout["amount"], payout["currency"], id)
    failed = payout | {
        "failure_balance_transaction": back["id"],
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
        "status": "failed",
    }
    records.save(call.tx, failed)
    call.note("payout.failed", failed, {"status": payout["status"]})
    return failed


def press(call: Call, id: str) -> Doc:
    """The dashboard's button: 50.00 EUR to the bank."""
    return create(call, {"amount": 5_000, "currency": "eur", "description": "Own funds"})


def list_payouts(call: Call, found: list[Doc], given: Doc) -> Doc:
    """A page of those, newest first, that fit what is asked for."""
    for moment in ("arrival_date", "created"):
        found = [each for each in found if lists.in_range(each[moment], given.get(moment))]
    found = [each for each in found if each["status"] == given.get("status", each["status"])]
    return lists.page(found, given, "/v1/payouts", "payout")


def own(call: Call) -> list[Doc]:
    """Those of the platform, newest first."""
    return [each for each in call.tx.all(KIND, newest_first=True) if not each.get(ACCOUNT)]


def build(call: Call, id: str, given: Doc) -> Doc:
    """A payout that is on its way to the bank."""
    return {
        "id": id,
        "object": "payout",
        "amount": given["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": call.now + ARRIVES,
        "automatic": False,
        "balance_transaction": None,
        "created": call.now,
        "currency": given["currency"],
        "description": given.get("description"),
        "destination": f"ba_{token(24)}",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": given.get("statement_descriptor"),
        "status": "in_transit",
        "trace_id": None,
        "type": "bank_account",
    }


OPERATIONS = (Operation("POST", "/v1/payouts", CREATE, create),)
#: name → (the fields it takes, what it does)
CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {
    "fail_payout": ({"payout": str}, lambda call, body: fail(call, str(body.get("payout", "")))),
}
