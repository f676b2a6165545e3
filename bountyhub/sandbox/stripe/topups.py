"""Top-ups: the platform's own money into its balance. The stand-in takes it at once."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import balance, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.ids import new_id

Doc = dict[str, Any]
KIND = "stripe.topup"
FLOAT = 50_000


def create(call: Call, params: Doc) -> Doc:
    """Add money; it is available now."""
    id = new_id("tu")
    description = params.get("description")
    booked = balance.book(call, "topup", params["amount"], params["currency"], id, description=description)
    topup: Doc = {
        "id": id,
        "object": "topup",
        "amount": params["amount"],
        "balance_transaction": booked["id"],
        "created": call.now,
        "currency": params["currency"],
        "description": description,
        "expected_availability_date": call.now,
        "failure_code": None,
        "failure_message": None,
        "initiated_by": "user",
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "source": None,
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "succeeded",
        "transfer_group": params.get("transfer_group"),
    }
    records.save(call.tx, topup)
    call.note("topup.created", topup | {"status": "pending"})
    call.note("topup.succeeded", topup)
    return topup


def first(call: Call) -> None:
    """The platform's float of 500.00 EUR, so that the first balance transaction is its own money; once."""
    if not call.tx.all(KIND):
        create(call, {"amount": FLOAT, "currency": "eur", "description": "Own funds of the platform"})
