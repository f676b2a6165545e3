"""Things that happen to Stripe from outside the API: what the dashboard's buttons and the control endpoints share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bountyhub.sandbox.stripe import (
    account_life,
    accounts,
    chance,
    charges,
    debit_ends,
    disputing,
    events,
    faults,
    idempotency,
    later,
    options,
    payments,
    payouts,
    records,
    refunds,
    sessions,
    topups,
)
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError, no_such

Doc = dict[str, Any]
# What a reset forgets: everything but the switches.
FORGOTTEN = [kind for kind, _ in records.KINDS.values()] + [
    events.HELD, idempotency.KIND, later.KIND, faults.KIND, chance.COUNTS, accounts.LINKS, accounts.VISITS,
]  # fmt: skip


def set_options(call: Call, wanted: Mapping[str, Any]) -> Doc:
    """Change switches; what a pause held back goes out when it ends, what was pending is booked by the next tick."""
    try:
        options.change(call.tx, wanted)
    except ValueError as error:
        raise ApiError(str(error)) from None
    call.options = options.load(call.tx, asdict(call.options))
    if not call.options.webhooks_paused:
        events.release(call.tx, call.options)
    return asdict(call.options)


def resend(call: Call, id: str) -> Doc:
    event = events.resend(call.tx, id)
    if event is None:
        raise no_such("event", id, "event")
    return event


def settle(call: Call, id: str) -> Doc:
    """Book one charge now, or (without an id) every charge that is paid and not booked."""
    waiting = [records.load(call.tx, "ch", id)] if id else charges.unsettled(call)
    for charge in waiting:
        charges.settle(call, charge["id"])
    return {"settled": [charge["id"] for charge in waiting]}


def pay(call: Call, id: str, card: str, given: Doc) -> Doc:
    """Pay a session without the page; says how it ended (`paid`, `declined`, `challenged`, `pending`)."""
    session = sessions.fresh(call, id)
    if session["status"] != "open":
        raise ApiError(f"This Checkout Session is {session['status']}.", param="session", status=409)
    if "amount" in given or "currency" in given:
        session = sessions.misreport(call, session, given.get("amount"), given.get("currency"))
    email = given.get("email") or session["customer_email"]
    outcome = payments.pay(call, session, card, email, authenticated=given.get("authenticated", True))
    return {"outcome": outcome.value, "session": records.shown(records.load(call.tx, "cs", id))}


def top_up(call: Call, id: str) -> Doc:
    """The dashboard's way to more own funds: 100.00 EUR a click."""
    return topups.create(call, {"amount": 10_000, "currency": "eur"})


def wipe(call: Call) -> Doc:
    """Forget everything but the switches, and begin again with the platform's float."""
    for kind in FORGOTTEN:
        for each in call.tx.all(kind):
            call.tx.delete(kind, each["id"])
    for each in call.tx.all("delivery", ref="waiting"):
        if each["source"] == "stripe":
            call.tx.delete("delivery", each["id"])
    topups.first(call)
    return {"reset": True}


BUTTONS: dict[str, Callable[[Call, str], object]] = {
    "resend": resend,
    "settle": settle,
    "expire": sessions.expire,
    "deauthorize": account_life.deauthorize,
    "change_bank": account_life.change_bank,
    "reject_account": account_life.reject,
    "require": account_life.require,
    "fail_refund": refunds.fail,
    "succeed_refund": refunds.succeed,
    "topup": top_up,
    "payout": payouts.press,
    "fail_payout": payouts.fail,
    **disputing.BUTTONS,
    **debit_ends.BUTTONS,
}
