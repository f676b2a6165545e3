"""The App's delivery log: what was sent, how it went, and sending it once more."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from flask import request

from bountyhub.sandbox.github import access, hooks
from bountyhub.sandbox.github.calls import MAX_PAGE, Call, endpoint, json_response
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes.apps import app_config
from bountyhub.sandbox.github.world import iso
from bountyhub.sandbox.store import Doc


@endpoint("GET", "/app/hook/config")
def get_config(call: Call) -> Doc:
    access.require_app(call.actor)
    url = f"{app_config(call.world).app_url}/webhooks/github"
    return {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": url}


@endpoint("GET", "/app/hook/deliveries")
def list_deliveries(call: Call) -> Any:
    """Newest first, by cursor: `cursor` is the id of the last entry of the page before."""
    access.require_app(call.actor)
    size = min(MAX_PAGE, max(1, request.args.get("per_page", 30, type=int)))
    cursor = request.args.get("cursor", type=int)
    entries = [entry for entry in hooks.logged(call.world) if cursor is None or entry["id"] < cursor]
    bodies = (_item(call, entry) for entry in entries)
    shown = list(islice((body for body in bodies if body is not None), size))
    response = json_response(shown)
    if shown and shown[-1]["id"] != entries[-1]["id"]:
        after = f"{request.base_url}?per_page={size}&cursor={shown[-1]['id']}"
        response.headers["Link"] = f'<{after}>; rel="next"'
    return response


@endpoint("GET", "/app/hook/deliveries/<int:delivery_id>")
def get_delivery(call: Call, delivery_id: int) -> Doc:
    entry = _entry(call, delivery_id)
    item, row = _item(call, entry), call.world.tx.get("delivery", entry["guid"])
    if item is None or row is None:
        raise not_found()
    url = f"{app_config(call.world).app_url}/webhooks/github"
    sent = {"headers": {"X-GitHub-Delivery": entry["guid"], "X-GitHub-Event": entry["event"]}}
    return item | {
        "url": url,
        "request": sent | {"payload": json.loads(row["body"])},
        "response": {"headers": {}, "payload": None},
    }


@endpoint("POST", "/app/hook/deliveries/<int:delivery_id>/attempts")
def redeliver(call: Call, delivery_id: int) -> tuple[Doc, int]:
    hooks.redeliver(call.world, _entry(call, delivery_id))
    return {}, 202


def _entry(call: Call, id: int) -> Doc:
    access.require_app(call.actor)
    entry = call.world.tx.get("gh_hook", str(id))
    if entry is None:
        raise not_found()
    if call.world.real // hooks.HOUR - entry["at"] // hooks.HOUR > hooks.KEPT_HOURS:
        raise GithubError(422, "This delivery is too old to be redelivered")
    return entry


def _item(call: Call, entry: Doc) -> Doc | None:
    """A line of the log; None while the delivery has not been tried."""
    outcome = entry["outcome"] or call.world.tx.get("delivery", entry["guid"])
    if outcome is None or outcome["state"] in ("waiting", "held"):
        return None
    status = outcome["status"] or 0
    return {
        "id": entry["id"],
        "guid": entry["guid"],
        "delivered_at": iso(entry["at"]),
        "redelivery": entry["redelivery"],
        "duration": 0.03,
        "status": _words(status),
        "status_code": status,
        "event": entry["event"],
        "action": entry["action"],
        "installation_id": entry["installation"],
        "repository_id": entry["repo"],
        "throttled_at": None,
    }


def _words(status: int) -> str:
    if status == 0:
        return "failed to connect to host"
    return "OK" if 200 <= status < 300 else f"Invalid HTTP Response: {status}"
