"""Early fraud warnings of Radar: the card's bank suspects fraud, often before it disputes. Found by charge (`ref`)."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.ids import new_id

Doc = dict[str, Any]
KIND = "stripe.early_fraud_warning"


def warn(call: Call, charge_id: str) -> Doc:
    """The bank suspects that a payment is fraud; no money moves."""
    charge = records.load(call.tx, "ch", charge_id, "charge")
    if charge["status"] != "succeeded":
        raise ApiError(f"Charge {charge_id} was not paid, so nobody warns of it.", param="charge")
    warning: Doc = {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": not charge["refunded"] and not charge["disputed"],
        "charge": charge_id,
        "created": call.now,
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    records.save(call.tx, warning, ref=charge_id)
    call.note("radar.early_fraud_warning.created", warning)
    return warning


def settled(call: Call, charge: Doc) -> None:
    """Nothing is left to be done about a warning once its charge is given back or disputed."""
    for warning in call.tx.all(KIND, ref=charge["id"]):
        if warning["actionable"] and (charge["refunded"] or charge["disputed"]):
            done = records.save(call.tx, warning | {"actionable": False})
            call.note("radar.early_fraud_warning.updated", done, {"actionable": True})
