"""What the API, the dashboard, the control calls and time do with disputes and fraud warnings: tables for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.stripe import disputes, fraud_warnings, later, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import card_for
from bountyhub.sandbox.stripe.dispute_object import EVIDENCE
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.forms import EXPAND, PAGE, Schema, flag, group, metadata, text
from bountyhub.sandbox.stripe.operation import Operation, listed, retrieve

Doc = dict[str, Any]
LIST: Schema = PAGE | {"charge": text(), "payment_intent": text()}
#: Texts may be as long as Stripe allows all of them together.
UPDATE: Schema = EXPAND | {
    "evidence": group({name: text(20_000 if name != "uncategorized_text" else 150_000) for name in EVIDENCE}),
    "metadata": metadata(),
    "submit": flag(),
}
DISPUTE, WARNINGS = "/v1/disputes/{dispute}", "/v1/radar/early_fraud_warnings"
OPERATIONS = (
    Operation("GET", "/v1/disputes", LIST, listed("dp", "/v1/disputes", "charge", "payment_intent")),
    Operation("GET", DISPUTE, EXPAND, retrieve("dp", "dispute")),
    Operation("POST", DISPUTE, UPDATE, disputes.update),
    Operation("POST", DISPUTE + "/close", EXPAND, disputes.close),
    Operation("GET", WARNINGS, LIST, listed("issfr", WARNINGS, "charge", "payment_intent")),
    Operation("GET", WARNINGS + "/{early_fraud_warning}", EXPAND, retrieve("issfr", "early_fraud_warning")),
)


def after_payment(call: Call, charge: Doc) -> None:
    """A card that is disputed by itself is, a moment after it paid."""
    if card_for(charge["_card"]).then is not None:
        later.plan(call.tx, "dispute_by_card", charge["id"], call.real)


def by_card(call: Call, charge_id: str) -> None:
    """For the tick: what this charge's card is known for. A charge that isn't booked yet waits."""
    charge = records.load(call.tx, "ch", charge_id)
    if charge["balance_transaction"] is None:
        later.plan(call.tx, "dispute_by_card", charge_id, call.real)
    elif card_for(charge["_card"]).then == "warning":
        warn(call, charge_id)
    else:
        card = card_for(charge["_card"])
        reason = "fraudulent" if card.method == "card" else "debit_not_authorized"
        dispute(call, charge_id, reason=reason, inquiry=card.then == "inquiry")


def dispute(call: Call, charge_id: str, **how: Any) -> Doc:
    """Dispute a charge, and with that settle what was warned of."""
    made = disputes.begin(call, charge_id, **how)
    fraud_warnings.settled(call, records.load(call.tx, "ch", charge_id))
    return made


def warn(call: Call, charge_id: str) -> Doc:
    return fraud_warnings.warn(call, charge_id)


def inquire(call: Call, charge_id: str) -> Doc:
    """The dashboard's button."""
    return dispute(call, charge_id, inquiry=True)


def _need(body: Doc, name: str) -> str:
    if name not in body:
        raise ApiError(f"Missing field: {name}.")
    return str(body[name])


def _dispute(call: Call, body: Doc) -> Doc:
    return dispute(
        call, _need(body, "charge"), amount=body.get("amount"), reason=body.get("reason", "fraudulent"),
        inquiry=body.get("inquiry", False),
    )  # fmt: skip


_ONE: dict[str, type] = {"dispute": str}
CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {
    "dispute": ({"charge": str, "amount": int, "reason": str, "inquiry": bool}, _dispute),
    "escalate_dispute": (_ONE, lambda call, body: disputes.escalate(call, _need(body, "dispute"))),
    "win_dispute": (_ONE, lambda call, body: disputes.win(call, _need(body, "dispute"))),
    "lose_dispute": (_ONE, lambda call, body: disputes.lose(call, _need(body, "dispute"))),
    "dispute_status": (
        _ONE | {"status": str},
        lambda call, body: disputes.say(call, _need(body, "dispute"), _need(body, "status")),
    ),
    "fraud_warning": ({"charge": str}, lambda call, body: warn(call, _need(body, "charge"))),
}
BUTTONS: dict[str, Callable[[Call, str], object]] = {
    "dispute": dispute,
    "inquire": inquire,
    "warn": warn,
    "escalate_dispute": disputes.escalate,
    "win_dispute": disputes.win,
    "lose_dispute": disputes.lose,
}
ACTIONS: dict[str, Callable[[Call, str], object]] = {
    "dispute_by_card": by_card,
    "win_dispute": disputes.win,
    "lose_dispute": disputes.lose,
}
