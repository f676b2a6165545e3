"""The dashboard: what the stand-in holds, and buttons to make things happen that the real world would."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.stripe import (
    actions,
    balance,
    charges,
    disputes,
    events,
    options,
    payouts,
    refunds,
    sessions,
    transfers,
)
from bountyhub.sandbox.stripe.call import Call, working
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.money import shown

Doc = dict[str, Any]
ROWS = 50


def add(blueprint: Blueprint) -> None:
    blueprint.add_app_template_filter(_money, "stripe_money")
    blueprint.add_app_template_filter(_moment, "stripe_moment")
    blueprint.add_url_rule("/dashboard", "dashboard", show)
    blueprint.add_url_rule("/dashboard/options", "dashboard_options", set_options, methods=["POST"])
    blueprint.add_url_rule("/dashboard/<action>", "dashboard_action", act, methods=["POST"])


def show() -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        return render_template("stripe/dashboard.html", **_facts(call))


def act(action: str) -> ResponseReturnValue:
    """A button: the action's name is in the address, what it acts on in the form."""
    if action not in actions.BUTTONS:
        abort(404)
    problem = None
    try:
        with working(current_sandbox()) as call:
            actions.BUTTONS[action](call, request.form.get("id", ""))
    except ApiError as error:
        problem = error.message
    return redirect(url_for("stripe.dashboard", problem=problem), code=303)


def set_options() -> ResponseReturnValue:
    """The form holds every switch: a box that is missing is off."""
    wanted: Doc = {}
    for name, default in asdict(options.Options()).items():
        given = request.form.get(name, "")
        if isinstance(default, bool):
            wanted[name] = given == "on"
        elif given.isdigit():
            wanted[name] = int(given)
    with working(current_sandbox()) as call:
        actions.set_options(call, wanted)
    return redirect(url_for("stripe.dashboard"), code=303)


def _facts(call: Call) -> Doc:
    def newest(kind: str) -> list[Doc]:
        return call.tx.all(kind, newest_first=True)[:ROWS]

    return {
        "balance": sorted(balance.totals(call).items()),
        "options": asdict(call.options),
        "sessions": newest(sessions.KIND),
        "charges": newest(charges.KIND),
        "refunds": newest(refunds.KIND),
        "payouts": newest(payouts.KIND),
        "disputes": newest(disputes.KIND),
        "warnings": newest("stripe.early_fraud_warning"),
        "transfers": newest(transfers.KIND),
        "accounts": newest("stripe.account"),
        "transactions": newest(balance.KIND),
        "events": newest(events.KIND),
        "deliveries": events.delivery_states(call.tx),
        "problem": request.args.get("problem"),
    }


def _money(amount: int, currency: str) -> str:
    return shown(amount, currency)


def _moment(seconds: int) -> str:
    """`24 Nov 2026, 03:23:27` that stays on one line."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%-d %b %Y, %H:%M:%S").replace(" ", "\u00a0")
