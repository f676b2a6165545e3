"""Control endpoints for tests and the demonstration: `POST /stripe/control/<what>` with a JSON object.

They do what clicks and time do, and plant faults; the application never calls them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.stripe import (
    account_life,
    account_payouts,
    accounts,
    actions,
    chance,
    debit_ends,
    disputing,
    faults,
    payouts,
    records,
    refunds,
    sessions,
    transfers,
    webhook_endpoints,
)
from bountyhub.sandbox.stripe.accounts import Ending
from bountyhub.sandbox.stripe.call import Call, working
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.money import CURRENCIES
from bountyhub.sandbox.stripe.options import Options
from bountyhub.sandbox.stripe.ticking import tick

Doc = dict[str, Any]


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/control/options", "control_options", options)
    blueprint.add_url_rule("/control/<name>", "control", act, methods=["POST"])


def options() -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        return jsonify(asdict(call.options))


def act(name: str) -> ResponseReturnValue:
    """Run one control; its answer is the changed object, or `{"error": …}`."""
    body = request.get_json(silent=True)
    try:
        if not isinstance(body, dict):
            raise ApiError("Send a JSON object.")
        if name == "tick":
            tick(current_sandbox())
            return jsonify(ticked=True)
        if name not in CONTROLS:
            raise ApiError(f"No such control: {name}. There are: {', '.join(sorted(CONTROLS))}.", status=404)
        allowed, run = CONTROLS[name]
        _check(body, allowed)
        with working(current_sandbox()) as call:
            return jsonify(records.shown(run(call, body)))
    except ApiError as error:
        return jsonify(error=error.message), error.status


def _check(body: Doc, allowed: dict[str, type]) -> None:
    for name, value in body.items():
        if name not in allowed:
            raise ApiError(f"Unknown field: {name}. There are: {', '.join(allowed)}.")
        if not isinstance(value, allowed[name]) or (allowed[name] is int and isinstance(value, bool)):
            raise ApiError(f"{name} must be a {allowed[name].__name__}.")
    if body.get("currency", "eur") not in CURRENCIES or body.get("amount", 1) < 1:
        raise ApiError("amount must be at least 1, currency one of " + ", ".join(CURRENCIES))


def _need(body: Doc, name: str) -> str:
    if name not in body:
        raise ApiError(f"Missing field: {name}.")
    return str(body[name])


def _pay(call: Call, body: Doc) -> Doc:
    return actions.pay(call, _need(body, "session"), body.get("card", "4242424242424242"), body)


def _fail_refund(call: Call, body: Doc) -> Doc:
    return refunds.fail(call, _need(body, "refund"), body.get("reason", "expired_or_canceled_card"))


def _onboard(call: Call, body: Doc) -> Doc:
    try:
        ending = Ending(body.get("ending", "finished"))
    except ValueError:
        raise ApiError(f"ending must be one of {', '.join(each.value for each in Ending)}") from None
    return accounts.finish(call, _need(body, "account"), body.get("country"), ending)


def _fail_next(call: Call, body: Doc) -> Doc:
    fault = _need(body, "fault")
    if fault not in faults.FAULTS:
        raise ApiError(f"fault must be one of {', '.join(faults.FAULTS)}")
    faults.plant(call, body.get("method", "POST"), _need(body, "path"), fault, body.get("times", 1))
    return {"planted": fault}


# name → (the fields it takes, what it does)
CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {
    **disputing.CONTROLS,
    **debit_ends.CONTROLS,
    "reset": ({}, lambda call, body: actions.wipe(call)),
    "pay": (
        {"session": str, "card": str, "amount": int, "currency": str, "email": str, "authenticated": bool},
        _pay,
    ),
    "expire": ({"session": str}, lambda call, body: sessions.expire(call, _need(body, "session"))),
    "fail_refund": ({"refund": str, "reason": str}, _fail_refund),
    "complete_onboarding": ({"account": str, "country": str, "ending": str}, _onboard),
    "settle": ({"charge": str}, lambda call, body: actions.settle(call, body.get("charge", ""))),
    "resend": ({"event": str}, lambda call, body: actions.resend(call, _need(body, "event"))),
    "lose_transfer": ({"transfer": str}, lambda call, body: faults.lose_transfer(call, body.get("transfer"))),
    "double_refund": ({"refund": str}, lambda call, body: faults.double_refund(call, body.get("refund"))),
    "faults": ({}, lambda call, body: dict(chance.counts(call.tx))),
    "cent_off": (
        {"balance_transaction": str},
        lambda call, body: faults.cent_off(call, body.get("balance_transaction")),
    ),
    "fail_next": ({"path": str, "fault": str, "method": str, "times": int}, _fail_next),
    **account_life.CONTROLS,
    "pay_out_account": ({"account": str}, lambda call, body: transfers.pay_out_account(call, _need(body, "account"))),
    "options": (
        {name: type(default) for name, default in asdict(Options()).items()},
        actions.set_options,
    ),
    **payouts.CONTROLS,
    **account_payouts.CONTROLS,
    **webhook_endpoints.CONTROLS,
}
