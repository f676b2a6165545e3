"""The dispute object as it begins; its fields are those of the official library's class. Used by `disputes`."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe.balance import DAY
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.ids import new_id

Doc = dict[str, Any]
DAYS_TO_ANSWER = 7
#: The bank's code for a debit that its payer wants back.
CALLED_BACK = "MD06"
DECIDED = ("won", "lost", "warning_closed", "prevented")
#: Evidence that is plain text; files are not taken here.
EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
_FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
    "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip


def build(call: Call, charge: Doc, amount: int, reason: str, *, inquiry: bool) -> Doc:
    """A dispute of a charge that nobody answered yet; of a debit called back, which nobody can answer."""
    final = is_final(charge)
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys((*EVIDENCE, *_FILES)), "appeal": None, "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": None if final else call.now + DAYS_TO_ANSWER * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": CALLED_BACK if final else "10.4",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method(charge, inquiry),
        "reason": reason,
        "status": "lost" if final else "warning_needs_response" if inquiry else "needs_response",
    }


def is_final(charge: Doc) -> bool:
    """Whether a dispute of a charge is lost as soon as it is there."""
    return bool(charge["payment_method_details"]["type"] == "sepa_debit")


def _method(charge: Doc, inquiry: bool) -> Doc | None:
    if charge["payment_method_details"]["type"] != "card":
        return None
    brand = (charge["payment_method_details"].get("card") or {}).get("brand", "visa")
    return {
        "card": {
            "brand": brand,
            "case_type": "inquiry" if inquiry else "chargeback",
            "network": brand,
            "network_reason_code": "10.4",
        },
        "type": "card",
    }
