"""SetupIntents, and checkout sessions in `setup` mode: a card is saved for later, nothing is charged.

The session's page is that of a payment; `save` is what happens there. One setup intent per session, made with it.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import customers, later, records, session_object
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import DECLINES, Card, Decline, typed
from bountyhub.sandbox.stripe.errors import bad_param
from bountyhub.sandbox.stripe.forms import PAGE, Schema, text
from bountyhub.sandbox.stripe.ids import new_id, token
from bountyhub.sandbox.stripe.operation import Operation, listed, retrieve

Doc = dict[str, Any]
RETRIEVE: Schema = {"expand": PAGE["expand"], "client_secret": text()}
LIST: Schema = PAGE | {"customer": text()}
ATTEMPTS: Schema = PAGE | {"setup_intent": text(required=True)}


def open_session(call: Call, params: Doc, expires_at: int) -> Doc:
    """A session that saves a card, with its setup intent."""
    for name in ("line_items", "payment_intent_data", "submit_type"):
        if name in params:
            raise bad_param(f"You can not pass `{name}` in `setup` mode.", name)
    if "currency" not in params and "allowed_payment_method_types" not in params:
        raise bad_param("You must provide `currency` in `setup` mode.", "currency", "parameter_missing")
    intent = _intent(call, params.get("setup_intent_data", {}))
    call.note("setup_intent.created", records.save(call.tx, intent))
    session = session_object.build(call, params, [], params.get("currency"), None, expires_at)
    return session | {
        "customer_creation": params.get("customer_creation", "if_required"),
        "mode": "setup",
        "payment_method_collection": "always",
        "payment_status": "no_payment_required",
        "setup_intent": intent["id"],
        "total_details": None,
    }


def save(call: Call, session: Doc, number: str, email: str | None, authenticated: bool | None = None) -> str:
    """Try to save a card for an open session: `paid` (saved), `declined` or `challenged`, as `payments.pay` says it."""
    card, intent = (
        typed(number, session["payment_method_types"]),
        records.load(call.tx, "seti", session["setup_intent"]),
    )
    if card.challenge and authenticated is None:
        _challenge(call, session, intent, card)
        return "challenged"
    if card.challenge and authenticated is False:
        _fail(call, intent, card, DECLINES["setup_authentication"], tried=False)
        return "declined"
    if card.decline is not None and not card.saves:
        _fail(call, intent, card, DECLINES[card.decline], tried=True)
        return "declined"
    _saved(call, session, intent, card, email)
    return "paid"


def last_error(call: Call, session: Doc) -> str | None:
    """The sentence of the last failed try."""
    error = records.load(call.tx, "seti", session["setup_intent"])["last_setup_error"]
    return str(error["message"]) if error else None


def cancel(call: Call, id: str | None) -> None:
    """The session is over: so is its setup intent."""
    intent = records.find(call.tx, id)
    if intent is not None and intent["status"] != "succeeded":
        ended = {"status": "canceled", "cancellation_reason": "abandoned", "next_action": None}
        call.note("setup_intent.canceled", records.save(call.tx, intent | ended))


def _saved(call: Call, session: Doc, intent: Doc, card: Card, email: str | None) -> None:
    mail = email or session["customer_email"]
    customer = session["customer"] or customers.create(call, {"email": mail} if mail else {})["id"]
    method = customers.attach(call, customer, card, mail)
    attempt = _attempt(call, intent, card, method["id"], None)
    done = intent | {
        "customer": customer, "last_setup_error": None, "latest_attempt": attempt["id"], "next_action": None,
        "payment_method": method["id"], "status": "succeeded",
    }  # fmt: skip
    call.note("setup_intent.succeeded", records.save(call.tx, done))
    _complete(call, session, customer, mail)


def _complete(call: Call, session: Doc, customer: str, email: str | None) -> None:
    later.forget(call.tx, "expire_session", session["id"])
    details = session_object.customer_details(email)
    done = session | {"customer": customer, "customer_details": details, "status": "complete", "url": None}
    records.save(call.tx, done, ref="closed")
    call.note("checkout.session.completed", done)


def _challenge(call: Call, session: Doc, intent: Doc, card: Card) -> None:
    page = f"{call.url}/pay/{session['id']}/authenticate"
    action = {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": f"{call.url}/pay/{session['id']}", "url": page},
    }
    changed = intent | {"status": "requires_action", "next_action": action, "last_setup_error": None}
    call.note("setup_intent.requires_action", records.save(call.tx, changed))
    records.save(call.tx, session | {"_card": card.number})


def _fail(call: Call, intent: Doc, card: Card, decline: Decline, *, tried: bool) -> None:
    error = {
        "code": decline.code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "type": "card_error" if tried else "invalid_request_error",
    }
    if decline.decline_code is not None:
        error["decline_code"] = decline.decline_code
    attempt = _attempt(call, intent, card, new_id("pm"), error)
    changed = {
        "last_setup_error": error, "latest_attempt": attempt["id"], "next_action": None,
        "status": "requires_payment_method",
    }  # fmt: skip
    call.note("setup_intent.setup_failed", records.save(call.tx, intent | changed))


def _attempt(call: Call, intent: Doc, card: Card, method: str, error: Doc | None) -> Doc:
    """One try of one card, found by its setup intent."""
    attempt: Doc = {
        "id": new_id("setatt"),
        "object": "setup_attempt",
        "application": None,
        "created": call.now,
        "customer": intent["customer"],
        "customer_account": None,
        "flow_directions": None,
        "livemode": False,
        "on_behalf_of": None,
        "payment_method": method,
        "payment_method_details": {"card": customers.attempted(card), "type": "card"},
        "setup_error": error,
        "setup_intent": intent["id"],
        "status": "failed" if error else "succeeded",
        "usage": "off_session",
    }
    return records.save(call.tx, attempt, ref=intent["id"])


def _intent(call: Call, asked: Doc) -> Doc:
    id = new_id("seti")
    return {
        "id": id,
        "object": "setup_intent",
        "application": None,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": f"{id}_secret_{token(25)}",
        "created": call.now,
        "customer": None,
        "customer_account": None,
        "description": asked.get("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": asked.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
        },
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": "off_session",
    }


OPERATIONS = (
    Operation("GET", "/v1/setup_intents", LIST, listed("seti", "/v1/setup_intents", "customer")),
    Operation("GET", "/v1/setup_attempts", ATTEMPTS, listed("setatt", "/v1/setup_attempts", "setup_intent")),
    Operation("GET", "/v1/setup_intents/{intent}", RETRIEVE, retrieve("seti", "intent")),
)
