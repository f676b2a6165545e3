"""PaymentIntents made by the API: a saved card is charged while nobody is there, or its owner is sent to their bank.

A charge that the card or the bank refuses is an error (402) that stays: the intent, its failed charge and its event
are there afterwards. The bank's page is `intent_page`.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import customers, payments, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import DECLINES, Card
from bountyhub.sandbox.stripe.errors import ApiError, bad_param, missing_param
from bountyhub.sandbox.stripe.forms import EXPAND, PAGE, Schema, flag, many, one_of, text, web_address, whole
from bountyhub.sandbox.stripe.money import CURRENCIES, LARGEST, shown
from bountyhub.sandbox.stripe.operation import Operation, listed
from bountyhub.sandbox.stripe.params import PAYMENT_INTENT_DATA
from bountyhub.sandbox.stripe.params import currency as a_currency

Doc = dict[str, Any]

CREATE: Schema = EXPAND | {
    **PAYMENT_INTENT_DATA,
    "allowed_payment_method_types": many(one_of("card")),
    "amount": whole(1, required=True),
    "confirm": flag(),
    "currency": a_currency(required=True),
    "customer": text(),
    "off_session": flag(),
    "payment_method": text(),
    "return_url": web_address(),
}  # fmt: skip
CONFIRM: Schema = EXPAND | {"off_session": flag(), "payment_method": text(), "return_url": web_address()}
CANCEL: Schema = EXPAND | {
    "cancellation_reason": one_of("abandoned", "duplicate", "fraudulent", "requested_by_customer")
}
LIST: Schema = PAGE | {"customer": text()}
#: Nothing is charged or on its way in these.
WAITING = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(call: Call, given: Doc) -> Doc:
    """An intent; with `confirm` its card is charged at once."""
    _check(given)
    if "customer" in given:
        customers.known(call, given["customer"])
    asked = {name: given[name] for name in PAYMENT_INTENT_DATA if name in given}
    intent = payments.new_intent(call, asked, given["amount"], given["currency"])
    intent |= {"customer": given.get("customer"), "payment_method": given.get("payment_method")}
    intent["status"] = "requires_confirmation" if intent["payment_method"] else "requires_payment_method"
    if intent["payment_method"]:
        customers.card_of(call, intent["payment_method"], intent["customer"])
    records.save(call.tx, intent)
    call.note("payment_intent.created", intent)
    return confirm(call, given, intent["id"]) if given.get("confirm") else intent


def confirm(call: Call, given: Doc, id: str) -> Doc:
    """Charge the card; on-session, a card that asks for it sends its owner to their bank and back to `return_url`."""
    intent = records.load(call.tx, "pi", id)
    if intent["status"] not in WAITING:
        raise _unexpected(intent, "confirm", WAITING)
    method = given.get("payment_method") or intent["payment_method"]
    if method is None:
        raise ApiError(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
            " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a"
            " payment method or ConfirmationToken.",
            code="payment_intent_unexpected_state",
        )
    found, card = customers.card_of(call, method, intent["customer"])
    intent = records.save(call.tx, intent | {"payment_method": method, "last_payment_error": None})
    if given.get("off_session"):
        return _charge(call, intent, found, card, absent=True)
    if card.challenge:
        return _ask_bank(call, intent, given)
    return _charge(call, intent, found, card, absent=False)


def answered(call: Call, intent: Doc, *, sure: bool) -> Doc:
    """What its owner told their bank; the intent as it is then, whether paid or refused."""
    found, card = customers.card_of(call, intent["payment_method"], intent["customer"])
    try:
        if not sure:
            raise _refused(call, intent, found, card, "authentication", tried=False)
        return _charge(call, intent, found, card, absent=False)
    except ApiError:
        return records.load(call.tx, "pi", intent["id"])


def cancel(call: Call, given: Doc, id: str) -> Doc:
    """Never charge this any more."""
    intent = records.load(call.tx, "pi", id)
    if intent["status"] not in WAITING:
        raise _unexpected(intent, "cancel", WAITING)
    ended = {
        "status": "canceled", "canceled_at": call.now, "next_action": None,
        "cancellation_reason": given.get("cancellation_reason"),
    }  # fmt: skip
    done = records.save(call.tx, intent | ended)
    call.note("payment_intent.canceled", done)
    return done


def _charge(call: Call, intent: Doc, method: Doc, card: Card, *, absent: bool) -> Doc:
    """`absent`: its owner isn't there to answer the bank."""
    if absent and card.asks_again:
        raise _refused(call, intent, method, card, "authentication_required")
    if card.decline is not None:
        raise _refused(call, intent, method, card, card.decline)
    return payments.paid(call, intent, card, method["billing_details"]["email"])


def _refused(
    call: Call, intent: Doc, method: Doc, card: Card, why: str, *, tried: bool = True
) -> ApiError:  # fmt: skip
    """The error Stripe answers with, and all that it leaves behind: a failed charge, an intent without its card."""
    decline = DECLINES[why]
    failed = payments.declined(call, intent, card, method["billing_details"]["email"], decline, tried=tried)
    more: Doc = {"payment_intent": records.shown(failed), "payment_method": records.shown(method)}
    if decline.decline_code is not None:
        more["decline_code"] = decline.decline_code
    if tried:
        more["charge"] = failed["latest_charge"]
    return ApiError(decline.message, code=decline.code, status=402, type="card_error", more=more, acted=True)


def _ask_bank(call: Call, intent: Doc, given: Doc) -> Doc:
    if "return_url" not in given:
        raise missing_param("return_url")
    page = f"{call.url}/intents/{intent['id']}/authenticate"
    action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": given["return_url"], "url": page}}
    changed = records.save(call.tx, intent | {"status": "requires_action", "next_action": action})
    call.note("payment_intent.requires_action", changed)
    return changed


def _unexpected(intent: Doc, verb: str, allowed: tuple[str, ...]) -> ApiError:
    return ApiError(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent"
        f" with one of the following statuses may be {verb}ed: {', '.join(allowed)}.",
        code="payment_intent_unexpected_state",
        more={"payment_intent": records.shown(intent)},
    )


def _check(given: Doc) -> None:
    if given.get("off_session") and not given.get("confirm"):
        raise bad_param("`off_session` can only be passed when `confirm=true`.", "off_session")
    least = CURRENCIES[given["currency"]].minimum
    if not least <= given["amount"] <= LARGEST:
        small = given["amount"] < least
        raise ApiError(
            f"Amount must be at least {shown(least, given['currency'])}." if small
            else f"Amount must be no more than {shown(LARGEST, given['currency'])}",
            code="amount_too_small" if small else "amount_too_large", param="amount", saved=False,
        )  # fmt: skip


INTENT = "/v1/payment_intents/{intent}"
OPERATIONS = (
    Operation("POST", "/v1/payment_intents", CREATE, create),
    Operation("GET", "/v1/payment_intents", LIST, listed("pi", "/v1/payment_intents", "customer")),
    Operation("POST", INTENT + "/confirm", CONFIRM, confirm),
    Operation("POST", INTENT + "/cancel", CANCEL, cancel),
)
