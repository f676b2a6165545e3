"""PaymentIntents, and paying a checkout session by card: called by the checkout page and the control endpoints.

One payment intent per session, made at the first try; a session is paid once, whoever tries first.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from bountyhub.sandbox.stripe import charges, debits, disputing, methods, records, sessions, setups
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import DECLINES, Card, Decline, typed
from bountyhub.sandbox.stripe.ids import new_id, token

Doc = dict[str, Any]


class Outcome(Enum):
    PAID = "paid"
    DECLINED = "declined"
    CHALLENGED = "challenged"
    #: Ordered: the payer's bank answers in days.
    PENDING = "pending"


def pay(call: Call, session: Doc, number: str, email: str | None, authenticated: bool | None = None) -> Outcome:
    """Try to pay an open session. `authenticated` answers the card's 3-D Secure question: None means not asked yet."""
    if session["mode"] == "setup":
        return Outcome(setups.save(call, session, number, email, authenticated))
    card = typed(number, session["payment_method_types"])
    intent = _intent_for(call, session)
    if card.challenge and authenticated is None:
        _challenge(call, session, intent, card)
        return Outcome.CHALLENGED
    if card.challenge and authenticated is False:
        declined(call, intent, card, email, DECLINES["authentication"], tried=False)
        return Outcome.DECLINED
    if card.decline is not None:
        declined(call, intent, card, email, DECLINES[card.decline], tried=card.method == "card")
        return Outcome.DECLINED
    if card.method == "sepa_debit":
        debits.begin(call, session, intent, card, email)
        return Outcome.PENDING
    sessions.complete(call, session, paid(call, intent, card, email), email)
    return Outcome.PAID


def last_error(call: Call, session: Doc) -> str | None:
    """The sentence of the last failed try."""
    if session["mode"] == "setup":
        return setups.last_error(call, session)
    intent = records.find(call.tx, session["payment_intent"] or session["_intent"])
    error = intent and intent["last_payment_error"]
    return str(error["message"]) if error else None


def paid(call: Call, intent: Doc, card: Card, email: str | None) -> Doc:
    """Charge a card that pays; the intent as it is then."""
    charge = charges.succeed(call, intent, card, email)
    intent = records.save(
        call.tx,
        intent
        | {
            "amount_received": intent["amount"],
            "last_payment_error": None,
            "latest_charge": charge["id"],
            "next_action": None,
            "payment_method": charge["payment_method"],
            "status": "succeeded",
        },
    )
    call.note("payment_intent.succeeded", intent)
    disputing.after_payment(call, charge)
    return intent


def declined(call: Call, intent: Doc, card: Card, email: str | None, decline: Decline, *, tried: bool) -> Doc:
    """The intent after a refusal, without a card.

    `tried` tells whether the issuer was asked at all: only then is there a failed charge.
    """
    charge = charges.fail(call, intent, card, email, decline) if tried else None
    return without_method(call, intent, error_of(decline, charge), charge)


def error_of(decline: Decline, charge: Doc | None) -> Doc:
    """What an intent says of its last failure; `charge`: the one that failed, if there is one."""
    error: Doc = {
        "code": decline.code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "type": "card_error" if charge is not None else "invalid_request_error",
    }
    if decline.decline_code is not None:
        error["decline_code"] = decline.decline_code
    if charge is not None:
        error["charge"] = charge["id"]
    return error


def without_method(call: Call, intent: Doc, error: Doc, charge: Doc | None) -> Doc:
    """The intent after a failure: whatever was to pay it is gone."""
    changed = intent | {
        "last_payment_error": error,
        "latest_charge": charge["id"] if charge else intent["latest_charge"],
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    call.note("payment_intent.payment_failed", records.save(call.tx, changed))
    return changed


def _challenge(call: Call, session: Doc, intent: Doc, card: Card) -> None:
    page = f"{call.url}/pay/{session['id']}/authenticate"
    action = {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": f"{call.url}/pay/{session['id']}", "url": page},
    }
    changed = intent | {"status": "requires_action", "next_action": action, "last_payment_error": None}
    call.note("payment_intent.requires_action", records.save(call.tx, changed))
    records.save(call.tx, session | {"_intent": intent["id"], "_card": card.number})


def _intent_for(call: Call, session: Doc) -> Doc:
    """The session's payment intent; its amount follows the session's, which a control call may have changed."""
    existing = records.find(call.tx, session["_intent"])
    if existing is not None:
        return existing | {"amount": session["amount_total"], "currency": session["currency"]}
    intent = new_intent(
        call, session["_payment_intent_data"], session["amount_total"], session["currency"],
        session["payment_method_types"],
    )  # fmt: skip
    session["_intent"] = intent["id"]
    records.save(call.tx, session)
    records.save(call.tx, intent)
    call.note("payment_intent.created", intent)
    return intent


def new_intent(call: Call, asked: Doc, amount: int, currency: str, types: Sequence[str] = ("card",)) -> Doc:
    """An intent that waits for a card; `asked` is what its maker may say of it."""
    id = new_id("pi")
    return {
        "id": id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": asked.get("capture_method", "automatic_async"),
        "client_secret": f"{id}_secret_{token(25)}",
        "confirmation_method": "automatic",
        "created": call.now,
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "description": asked.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": asked.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": methods.intent_options(types),
        "payment_method_types": list(types),
        "processing": None,
        "receipt_email": asked.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": asked.get("statement_descriptor"),
        "statement_descriptor_suffix": asked.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": asked.get("transfer_group"),
    }
