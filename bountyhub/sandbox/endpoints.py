"""Which webhook endpoint hears an event and which secrets sign it: for queueing (`stripe.events`) and for sending.

The documents are Stripe's (`stripe.webhook_endpoints` makes them); they lie here because the Sender reads them too.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.store import Tx

Doc = dict[str, Any]
KIND = "stripe.webhook_endpoint"


def hearing(tx: Tx, event: Doc) -> list[Doc] | None:
    """The endpoints that this event goes to; None while there is no endpoint at all."""
    known = tx.all(KIND)
    if not known:
        return None
    return [each for each in known if each["status"] == "enabled" and _hears(each, event)]


def _hears(endpoint: Doc, event: Doc) -> bool:
    wanted = endpoint["enabled_events"]
    return endpoint["_connect"] == ("account" in event) and ("*" in wanted or event["type"] in wanted)


def secrets(endpoint: Doc, real: float) -> list[str]:
    """What signs a delivery now, the newest first."""
    rolled = [endpoint["_rolled"]] if endpoint["_rolled"] and endpoint["_rolled_until"] > real else []
    return [endpoint["_secret"], *rolled]
