"""The dashboard: what the stand-in holds, and buttons to make things happen that the real world would."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.stripe import (
    actions,
    balance,
    chance,
    charges,
    disputes,
    events,
    options,
    payouts,
    records,
    refunds,
    sessions,
    transfers,
)
from bountyhub.sandbox.stripe.call import Call, working
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.methods import METHODS
from bountyhub.sandbox.stripe.money import shown

Doc = dict[str, Any]
ROWS = 50
ID = re.compile(r'"([a-z]+_\w+)",?$')
# What chance may do, in the dashboard's words.
RATES = {
    "lost_answer": "requests done but answered 503", "unavailable": "requests refused with 503",
    "rate_limited": "requests refused with 429", "error_before": "requests refused with 500",
    "error_after": "requests done but answered 500", "error_kept": "requests done, 500 repeated for a day",
    "timeout_before": "requests broken off before", "timeout_after": "requests done, then broken off",
    "webhook_delayed": "webhooks late", "webhook_duplicated": "webhooks sent twice",
    "webhook_reordered": "steps whose webhooks go backwards", "webhook_lost": "webhooks lost at first",
}  # fmt: skip


def add(blueprint: Blueprint) -> None:
    blueprint.add_app_template_filter(_money, "stripe_money")
    blueprint.add_app_template_filter(_moment, "stripe_moment")
    blueprint.add_app_template_filter(_method, "stripe_method")
    blueprint.add_url_rule("/dashboard", "dashboard", show)
    blueprint.add_url_rule("/dashboard/object/<id>", "dashboard_object", show_object)
    blueprint.add_url_rule("/dashboard/options", "dashboard_options", set_options, methods=["POST"])
    blueprint.add_url_rule("/dashboard/<action>", "dashboard_action", act, methods=["POST"])


def show() -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        return render_template("stripe/dashboard.html", **_facts(call))


def show_object(id: str) -> ResponseReturnValue:
    """One object as the API shows it; every id in it leads on, and what happened to it is listed."""
    with working(current_sandbox()) as call:
        found = records.find(call.tx, id)
        if found is None:
            abort(404)
        told = [each for each in call.tx.all(events.KIND, newest_first=True) if each["data"]["object"].get("id") == id]
    lines = [_parts(line) for line in json.dumps(records.shown(found), indent=2).splitlines()]
    return render_template("stripe/object.html", id=id, lines=lines, events=told[:ROWS])


def _parts(line: str) -> tuple[str, str, str]:
    """A line of JSON around the id of another object in it, if there is one."""
    found = ID.search(line)
    if found is None or records.prefix_of(found.group(1)) not in records.KINDS:
        return line, "", ""
    return line[: found.start(1)], found.group(1), line[found.end(1) :]


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
        "rates": RATES,
        "faults": chance.counts(call.tx),
        "sessions": newest(sessions.KIND),
        "charges": newest(charges.KIND),
        "refunds": newest(refunds.KIND),
        "payouts": payouts.own(call)[:ROWS],
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


def _method(charge: Doc) -> str:
    """`visa …4242`, `SEPA debit …3201`."""
    details = charge["payment_method_details"]
    of = details[details["type"]]
    last = of.get("last4") or of.get("iban_last4") or ""
    return f"{of.get('brand') or METHODS[details['type']]} …{last}"


def _moment(seconds: int) -> str:
    """`24 Nov 2026, 03:23:27` that stays on one line."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%-d %b %Y, %H:%M:%S").replace(" ", "\u00a0")
