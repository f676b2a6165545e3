"""Webhook endpoints: who hears which events, signed with which secret.

Until the first is made, the application that the stand-in was started for hears everything, as with `stripe listen`.
An endpoint made with `connect` hears of connected accounts, any other of the platform itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.endpoints import KIND
from bountyhub.sandbox.stripe import lists, records
from bountyhub.sandbox.stripe.call import API_VERSION, Call
from bountyhub.sandbox.stripe.errors import ApiError, bad_param, no_such
from bountyhub.sandbox.stripe.forms import EXPAND, PAGE, Schema, flag, many, metadata, text, web_address
from bountyhub.sandbox.stripe.ids import new_id, token
from bountyhub.sandbox.stripe.operation import Operation, retrieve

Doc = dict[str, Any]
#: A rolled secret goes on signing for so long.
OVERLAP = 86_400

CREATE: Schema = EXPAND | {
    "api_version": text(),
    "connect": flag(),
    "description": text(5000),
    "enabled_events": many(text()),
    "metadata": metadata(),
    "url": web_address(),
}
UPDATE: Schema = EXPAND | {
    "description": text(5000),
    "disabled": flag(),
    "enabled_events": many(text()),
    "metadata": metadata(),
    "url": web_address(),
}
LIST: Schema = {name: rule for name, rule in PAGE.items() if name != "created"}


def create(call: Call, params: Doc) -> Doc:
    """An endpoint; its secret is told this once."""
    for name in ("enabled_events", "url"):
        if name not in params:
            raise bad_param(f"Missing required param: {name}.", name, "parameter_missing")
    version = params.get("api_version")
    if version not in (None, API_VERSION):
        raise bad_param(f"Invalid API version: {version}. Only {API_VERSION} is spoken here.", "api_version")
    secret = f"whsec_{token(32)}"
    endpoint: Doc = {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": version,
        "application": None,
        "created": call.now,
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "status": "enabled",
        "url": params["url"],
    }
    private = {"_secret": secret, "_rolled": None, "_rolled_until": 0, "_connect": bool(params.get("connect"))}
    records.save(call.tx, endpoint | private)
    return endpoint | {"secret": secret}


def update(call: Call, params: Doc, id: str) -> Doc:
    """Change what is given, or switch it off and on."""
    endpoint = records.load(call.tx, "we", id)
    changed: Doc = {
        name: params[name] for name in ("description", "enabled_events", "metadata", "url") if name in params
    }
    if "disabled" in params:
        changed["status"] = "disabled" if params["disabled"] else "enabled"
    return records.save(call.tx, endpoint | changed)


def delete(call: Call, params: Doc, id: str) -> Doc:
    records.load(call.tx, "we", id)
    call.tx.delete(KIND, id)
    return {"id": id, "object": "webhook_endpoint", "deleted": True}


def roll_secret(call: Call, id: str) -> Doc:
    """The dashboard's button: a new secret; for a day the old one signs beside it."""
    endpoint = call.tx.get(KIND, id)
    if endpoint is None:
        raise no_such("webhook endpoint", id, "endpoint")
    secret = f"whsec_{token(32)}"
    rolled = {"_secret": secret, "_rolled": endpoint["_secret"], "_rolled_until": call.real + OVERLAP}
    return records.save(call.tx, endpoint | rolled) | {"secret": secret}


def _list(call: Call, given: Doc) -> Doc:
    return lists.page(call.tx.all(KIND, newest_first=True), given, "/v1/webhook_endpoints", "webhook_endpoint")


def _roll(call: Call, body: Doc) -> Doc:
    if "endpoint" not in body:
        raise ApiError("Missing field: endpoint.")
    return roll_secret(call, body["endpoint"])


ONE = "/v1/webhook_endpoints/{endpoint}"
OPERATIONS = (
    Operation("POST", "/v1/webhook_endpoints", CREATE, create),
    Operation("GET", "/v1/webhook_endpoints", LIST, _list),
    Operation("GET", ONE, EXPAND, retrieve("we")),
    Operation("POST", ONE, UPDATE, update),
    Operation("DELETE", ONE, {}, delete),
)
CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {"roll_secret": ({"endpoint": str}, _roll)}
