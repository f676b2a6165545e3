"""Events and the webhooks that carry them: built in `Call.note`, queued when a call ends, resent from the dashboard."""

from __future__ import annotations

import copy
import json
from typing import Any

from bountyhub.sandbox.deliveries import enqueue
from bountyhub.sandbox.endpoints import hearing
from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe import chance
from bountyhub.sandbox.stripe.ids import new_id, token
from bountyhub.sandbox.stripe.options import Options
from bountyhub.sandbox.stripe.records import shown

Doc = dict[str, Any]
KIND = "stripe.event"
HELD = "stripe.held_webhook"


def build(
    type: str,
    document: Doc,
    now: int,
    api_version: str,
    request: Doc,
    previous: Doc | None = None,
    account: str | None = None,
) -> Doc:
    """An event with a copy of the object as it is at this moment; `previous` holds old values of what changed."""
    data: Doc = {"object": copy.deepcopy(shown(document))}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Doc = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": api_version,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": type,
    }
    return event if account is None else event | {"account": account}


def queue(tx: Tx, noted: list[Doc], options: Options) -> None:
    """Store events and their deliveries; paused webhooks wait for `release`."""
    for event in noted:
        tx.put(KIND, event["id"], event, ref=event["type"])
    backwards = options.reorder_webhooks or (len(noted) > 1 and _befalls(tx, options, "webhook_reordered"))
    for event in reversed(noted) if backwards else noted:
        if options.webhooks_paused:
            tx.put(HELD, event["id"], {"id": event["id"]})
        else:
            deliver(tx, event, options)


def deliver(tx: Tx, event: Doc, options: Options) -> None:
    """Queue an event for every endpoint that asked for it: as it should be, or late, twice, or lost at first."""
    body = json.dumps(event, separators=(",", ":"))
    twice = options.duplicate_webhooks or _befalls(tx, options, "webhook_duplicated")
    late = options.delay_webhooks or _befalls(tx, options, "webhook_delayed")
    lost = options.lose_webhooks or _befalls(tx, options, "webhook_lost")
    endpoints = hearing(tx, event)
    for endpoint in (None,) if endpoints is None else endpoints:
        for _ in range(2 if twice else 1):
            enqueue(
                tx, "stripe", event["type"], body, retry=True, id=f"{event['id']}.{token(6)}",
                wait=options.delay_seconds if late else 0, lose=1 if lost else 0,
                to=endpoint["id"] if endpoint else None,
            )  # fmt: skip


def _befalls(tx: Tx, options: Options, kind: str) -> bool:
    return chance.drawn(tx, options, kind, (kind,)) is not None


def release(tx: Tx, options: Options) -> int:
    """Deliver everything that a pause held back; how many events that were."""
    held = tx.all(HELD, newest_first=options.reorder_webhooks)
    for each in held:
        event = tx.get(KIND, each["id"])
        tx.delete(HELD, each["id"])
        if event is not None:
            deliver(tx, event, options)
    return len(held)


def resend(tx: Tx, id: str) -> Doc | None:
    """Deliver a stored event once more, whatever the switches say; None when there is no such event."""
    event = tx.get(KIND, id)
    if event is not None:
        deliver(tx, event, Options())
    return event


def delivery_states(tx: Tx) -> dict[str, list[str]]:
    """Event id → how each of its deliveries ended (`delivered 202`, `waiting`, `failed`)."""
    states: dict[str, list[str]] = {}
    for each in tx.all("delivery"):
        if each["source"] == "stripe":
            status = f" {each['status']}" if each["status"] else ""
            states.setdefault(each["id"].split(".")[0], []).append(each["state"] + status)
    return states
