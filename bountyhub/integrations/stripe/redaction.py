"""What is kept of a webhook: of a connected account's, only what leads back to it; nothing about its owner.

Names, birthdays, tax ids and bank accounts stay with the processor. The event is only a hint which object to read
again, so nothing is lost; every other event is kept as it came.
"""

from __future__ import annotations

import json
from typing import Any

#: About somebody's account also where the event names none.
OF_ACCOUNTS = ("account.", "capability.", "person.", "external_account.")
#: What stays of an event, beside the object.
KEPT = ("id", "object", "api_version", "created", "livemode", "type", "account")


def kept(body: str) -> str:
    """The body as it is stored; read by `read_event` like the whole one."""
    event: dict[str, Any] = json.loads(body)
    if not (event.get("account") or str(event.get("type", "")).startswith(OF_ACCOUNTS)):
        return body
    about: dict[str, Any] = event["data"]["object"]
    named: dict[str, Any] = {name: about[name] for name in ("id", "object") if isinstance(about.get(name), str)}
    reference = (about.get("metadata") or {}).get("reference")
    if isinstance(reference, str):
        named["metadata"] = {"reference": reference}
    shell = {name: event[name] for name in KEPT if name in event}
    return json.dumps(shell | {"data": {"object": named}}, separators=(",", ":"))
