"""The bank's page for a payment intent that was confirmed with its owner there; leads back to `return_url`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.stripe import intents, records
from bountyhub.sandbox.stripe.call import Call, working
from bountyhub.sandbox.stripe.money import shown

Doc = dict[str, Any]


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/intents/<id>/authenticate", "intent_authenticate", ask)
    blueprint.add_url_rule("/intents/<id>/authenticate", "intent_authenticated", decide, methods=["POST"])


def ask(id: str) -> ResponseReturnValue:
    """The bank's question."""
    with working(current_sandbox()) as call:
        intent = _waiting(call, id)
        if intent is None:
            return _nothing()
        total = shown(intent["amount"], intent["currency"])
        return render_template("stripe/authenticate_intent.html", id=id, total=total)


def decide(id: str) -> ResponseReturnValue:
    """The answer to the bank; a second click finds nothing to answer and leads back like the first."""
    with working(current_sandbox()) as call:
        intent = _waiting(call, id)
        if intent is None:
            return _nothing()
        back = str(intent["next_action"]["redirect_to_url"]["return_url"])
        done = intents.answered(call, intent, sure=request.form.get("answer") == "complete")
        status = "succeeded" if done["status"] == "succeeded" else "failed"
        query = urlencode({"payment_intent": id, "redirect_status": status})
        return redirect(f"{back}{'&' if '?' in back else '?'}{query}", code=303)


def _waiting(call: Call, id: str) -> Doc | None:
    intent = records.find(call.tx, id)
    waits = intent is not None and intent["object"] == "payment_intent" and intent["status"] == "requires_action"
    return intent if waits and intent is not None and intent["next_action"] else None


def _nothing() -> ResponseReturnValue:
    return render_template("stripe/closed.html", state="missing", on=None, back=None), 404
