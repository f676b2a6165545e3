"""Disputes: charge-backs, which take their money and a fee at once, and inquiries, which take none (yet).

Found by charge (`ref`). Opened by test cards, the dashboard and control calls; answered once through the API.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import balance, later, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.dispute_object import DECIDED, EVIDENCE, build, is_final
from bountyhub.sandbox.stripe.errors import ApiError

Doc = dict[str, Any]
KIND = "stripe.dispute"
#: What a charge-back costs, won or lost; minor units.
FEE = 1500
#: What a debit of a bank account costs that is called back.
SEPA_FEE = 750
INQUIRY = ("warning_needs_response", "warning_under_review", "warning_closed")
#: Stripe's magic words: a text that holds one of them decides a test dispute.
WINNING, LOSING = "winning_evidence", "losing_evidence"


def begin(
    call: Call, charge_id: str, *, amount: int | None = None, reason: str = "fraudulent", inquiry: bool = False
) -> Doc:
    """The cardholder's bank asks about a payment, or takes (a part of) it back."""
    charge = records.load(call.tx, "ch", charge_id, "charge")
    if charge["balance_transaction"] is None or charge["status"] != "succeeded":
        raise ApiError(f"Charge {charge_id} is not booked, so it can't be disputed.", param="charge")
    asked = charge["amount"] if amount is None else amount
    if not 0 < asked <= charge["amount"]:
        raise ApiError("A dispute is of at least 1 and at most the whole charge.", param="amount")
    _require_disputable(charge, inquiry=inquiry)
    dispute = records.save(call.tx, build(call, charge, asked, reason, inquiry=inquiry), ref=charge_id)
    records.save(call.tx, charge | {"disputed": True})
    call.note("charge.dispute.created", dispute)
    if inquiry:
        return dispute
    taken = _withdraw(call, dispute, SEPA_FEE if is_final(charge) else FEE)
    return _close(call, taken, "lost") if is_final(charge) else taken


def _require_disputable(charge: Doc, *, inquiry: bool) -> None:
    method = charge["payment_method_details"]["type"]
    if method == "bancontact" or (inquiry and method != "card"):
        raise ApiError(f"No bank {'inquires about' if inquiry else 'disputes'} a payment by {method}.", param="charge")


def escalate(call: Call, id: str) -> Doc:
    """An inquiry becomes a charge-back: the money leaves now."""
    dispute = records.load(call.tx, "dp", id)
    if dispute["status"] not in INQUIRY:
        raise ApiError(f"Dispute {id} is {dispute['status']}: it is no inquiry.")
    details = dispute["evidence_details"] | {"submission_count": 0, "submission_method": "not_submitted"}
    card = dispute["payment_method_details"]["card"] | {"case_type": "chargeback"}
    changed = dispute | {
        "evidence_details": details,
        "payment_method_details": dispute["payment_method_details"] | {"card": card},
    }
    return _withdraw(call, _move(call, changed, "needs_response", before=dispute["status"]))


def win(call: Call, id: str) -> Doc:
    """Decided for the merchant: what was taken comes back, the fee doesn't. An inquiry is closed."""
    dispute = _undecided(call, id)
    if dispute["status"] in INQUIRY:
        return _close(call, dispute, "warning_closed")
    return _reinstate(call, _close(call, dispute, "won"))


def lose(call: Call, id: str) -> Doc:
    """Decided for the cardholder."""
    dispute = _undecided(call, id)
    return _close(call, dispute, "warning_closed" if dispute["status"] in INQUIRY else "lost")


def say(call: Call, id: str, status: str) -> Doc:
    """A status of whatever name, as one that Stripe invents some day; no money moves."""
    dispute = records.load(call.tx, "dp", id)
    return _move(call, dispute, status, before=dispute["status"])


def update(call: Call, params: Doc, id: str) -> Doc:
    """Stage evidence, and submit it (Stripe's default): once, before the outcome."""
    dispute = records.load(call.tx, "dp", id, "dispute")
    _require_open(dispute)
    given = {name: text or None for name, text in params.get("evidence", {}).items()}
    evidence = dispute["evidence"] | given
    details = dispute["evidence_details"] | {"has_evidence": any(evidence[name] for name in EVIDENCE)}
    changed = dispute | {"evidence": evidence, "evidence_details": details}
    if "metadata" in params:
        changed["metadata"] = dispute["metadata"] | params["metadata"]
    if not given or not params.get("submit", True):
        records.save(call.tx, changed)
        call.note("charge.dispute.updated", changed, {"evidence": {name: dispute["evidence"][name] for name in given}})
        return changed
    if details["submission_count"]:
        raise ApiError("You have already submitted evidence for this dispute.", param="evidence")
    return _submitted(call, changed, before=dispute["status"])


def close(call: Call, params: Doc, id: str) -> Doc:
    """The merchant gives in."""
    dispute = records.load(call.tx, "dp", id, "dispute")
    _require_open(dispute)
    return _close(call, dispute, "warning_closed" if dispute["status"] in INQUIRY else "lost")


def _submitted(call: Call, dispute: Doc, before: str) -> Doc:
    details = dispute["evidence_details"] | {"submission_count": 1, "submission_method": "manual"}
    details["past_due"] = bool(details["due_by"]) and call.now > details["due_by"]
    status = "warning_under_review" if before in INQUIRY else "under_review"
    done = _move(call, dispute | {"evidence_details": details}, status, before=before)
    text = dispute["evidence"]["uncategorized_text"] or ""
    for word, action in ((WINNING, "win_dispute"), (LOSING, "lose_dispute")):
        if word in text:
            later.plan(call.tx, action, dispute["id"], call.real)
    return done


def _require_open(dispute: Doc) -> None:
    if dispute["status"] in DECIDED:
        raise ApiError(f"This dispute is already {dispute['status']}.", code="dispute_closed")


def _undecided(call: Call, id: str) -> Doc:
    dispute = records.load(call.tx, "dp", id)
    _require_open(dispute)
    return dispute


def _withdraw(call: Call, dispute: Doc, fee: int = FEE) -> Doc:
    taken = _book(call, dispute, -dispute["amount"], "dispute", fee=fee)
    changed = records.save(call.tx, dispute | {"balance_transactions": [records.shown(taken)]})
    call.note("charge.dispute.funds_withdrawn", changed)
    return changed


def _reinstate(call: Call, dispute: Doc) -> Doc:
    if len(dispute["balance_transactions"]) != 1:
        return dispute
    back = _book(call, dispute, dispute["amount"], "dispute_reversal")
    changed = dispute | {"balance_transactions": [*dispute["balance_transactions"], records.shown(back)]}
    records.save(call.tx, changed)
    call.note("charge.dispute.funds_reinstated", changed)
    return changed


def _book(call: Call, dispute: Doc, amount: int, reported: str, fee: int = 0) -> Doc:
    what = f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for {dispute['charge']}"
    booked = balance.book(
        call, "adjustment", amount, dispute["currency"], dispute["id"], fee=fee, description=what, reported=reported
    )
    return booked


def _close(call: Call, dispute: Doc, status: str) -> Doc:
    changed = records.save(call.tx, dispute | {"status": status, "is_charge_refundable": status == "warning_closed"})
    call.note("charge.dispute.closed", changed)
    return changed


def _move(call: Call, dispute: Doc, status: str, before: str) -> Doc:
    refundable = status.startswith("warning_")
    changed = records.save(call.tx, dispute | {"status": status, "is_charge_refundable": refundable})
    call.note("charge.dispute.updated", changed, {"status": before})
    return changed
