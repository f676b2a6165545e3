"""Checkout sessions: made by the API, paid on the checkout page, completed once or expired by real time.

Found by state while open (`ref` is `open`), afterwards by payment intent or `closed`.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import later, records, session_object, setups
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError, bad_param
from bountyhub.sandbox.stripe.money import CURRENCIES, LARGEST, require_round, shown

Doc = dict[str, Any]
KIND = "stripe.session"
SHORTEST, LONGEST = 30 * 60, 24 * 3600
# Clocks differ a little and requests take a while.
GRACE = 60


def create(call: Call, params: Doc) -> Doc:
    """An open session for checked parameters; refuses what Stripe refuses of them together."""
    if params["mode"] == "setup":
        _check_pages(params)
        return _opened(call, setups.open_session(call, params, _expiry(call, params)))
    _check(params)
    items = [session_object.line_item(call, item) for item in params["line_items"]]
    currency = _one_currency(items)
    total = sum(item["amount_total"] for item in items)
    _check_total(total, currency)
    expires_at = _expiry(call, params)
    return _opened(call, session_object.build(call, params, items, currency, total, expires_at))


def _opened(call: Call, session: Doc) -> Doc:
    later.plan(call.tx, "expire_session", session["id"], session["expires_at"])
    return records.save(call.tx, session, ref="open")


def fresh(call: Call, id: str, param: str = "session", status: int = 404) -> Doc:
    """The session as it is now: one whose time is over is expired first."""
    session = records.load(call.tx, "cs", id, param, status)
    if session["status"] == "open" and session["expires_at"] <= call.real:
        return _expire(call, session)
    return session


def expire(call: Call, id: str) -> Doc:
    """End an open session before its time."""
    session = fresh(call, id)
    if session["status"] != "open":
        raise ApiError(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status'
            f" of `{session['status']}`.",
            param="session",
        )
    return _expire(call, session)


def expire_due(call: Call, id: str) -> None:
    """For the tick: expires a session whose time is over."""
    if records.find(call.tx, id) is not None:
        fresh(call, id)


def complete(call: Call, session: Doc, intent: Doc, email: str | None, *, paid: bool = True) -> Doc:
    """The payment succeeded; or was ordered, and the payer's bank answers days later."""
    details = session_object.customer_details(email or session["customer_email"])
    done = session | {
        "customer_details": details,
        "payment_intent": intent["id"],
        "payment_status": "paid" if paid else "unpaid",
        "status": "complete",
        "url": None,
        "_intent": intent["id"],
    }
    later.forget(call.tx, "expire_session", session["id"])
    records.save(call.tx, done, ref=intent["id"])
    call.note("checkout.session.completed", done)
    return done


def told(call: Call, intent: str, ending: str, **changes: Any) -> None:
    """What the bank answered about a session that was complete and unpaid."""
    for session in call.tx.all(KIND, ref=intent):
        call.note(f"checkout.session.{ending}", records.save(call.tx, session | changes))


def misreport(call: Call, session: Doc, amount: int | None, currency: str | None) -> Doc:
    """A planted fault: the payment will be made (and reported) over another amount or currency than was asked."""
    amount = session["amount_total"] if amount is None else amount
    changed = {"amount_total": amount, "amount_subtotal": amount, "currency": currency or session["currency"]}
    return records.save(call.tx, session | changed)


def return_address(session: Doc) -> str:
    """Where the payer goes after paying."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _expire(call: Call, session: Doc) -> Doc:
    later.forget(call.tx, "expire_session", session["id"])
    ended = records.save(call.tx, session | {"status": "expired", "url": None}, ref="closed")
    _cancel_intent(call, session)
    setups.cancel(call, session["setup_intent"])
    call.note("checkout.session.expired", ended)
    return ended


def _cancel_intent(call: Call, session: Doc) -> None:
    intent = records.find(call.tx, session["_intent"])
    if intent is not None and intent["status"] != "succeeded":
        ended = {"status": "canceled", "canceled_at": call.now, "cancellation_reason": "expired", "next_action": None}
        call.note("payment_intent.canceled", records.save(call.tx, intent | ended))


def _check(params: Doc) -> None:
    _check_pages(params)
    if not params.get("line_items"):
        raise bad_param("You must provide `line_items` in `payment` mode.", "line_items", "parameter_missing")
    for number, item in enumerate(params["line_items"]):
        if "product_data" not in item["price_data"] or "unit_amount" not in item["price_data"]:
            raise bad_param("You must specify `product_data` and `unit_amount`.", f"line_items[{number}][price_data]")


def _check_pages(params: Doc) -> None:
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise bad_param("Only `hosted_page` is spoken here.", "ui_mode")
    if "success_url" not in params:
        raise bad_param(
            "You must provide `success_url` when `ui_mode` is `hosted_page`.", "success_url", "parameter_missing"
        )


def _one_currency(items: list[Doc]) -> str:
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1:
        raise bad_param("All prices on a Checkout Session must use the same currency.", "line_items")
    return str(currencies.pop())


def _check_total(total: int, currency: str) -> None:
    require_round(total, currency, "line_items")
    minimum = CURRENCIES[currency].minimum
    if total < minimum:
        raise ApiError(
            f"The Checkout Session's total amount must convert to at least {shown(minimum, currency)}.",
            code="amount_too_small",
            saved=False,
        )
    if total > LARGEST:
        raise ApiError(
            f"The Checkout Session's total amount due must be no more than {shown(LARGEST, currency)} {currency}",
            code="amount_too_large",
            saved=False,
        )


def _expiry(call: Call, params: Doc) -> int:
    wanted: int = params.get("expires_at", call.real + LONGEST)
    if wanted < call.real + SHORTEST - GRACE:
        raise bad_param(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at"
        )
    if wanted > call.real + LONGEST + GRACE:
        raise bad_param(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at"
        )
    return wanted
