"""This instance's webhook endpoints at Stripe: made, looked at, rotated. Used by `stripe webhook` and `doctor`.

There are two, because Stripe tells what happens to connected accounts apart from what happens to the platform; both
lead to the same address, each with a secret of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe

from bountyhub.integrations.stripe.client import call, make_client, pages
from bountyhub.integrations.stripe.routes import ROUTES
from bountyhub.kit import ids
from bountyhub.settings import Settings

#: Which of them an endpoint is, in its metadata: Stripe doesn't tell it back.
PURPOSE = "bountyhub"
#: Happens to connected accounts too.
OF_ACCOUNTS = ("account.", "capability.", "payout.")
PURPOSES: dict[str, Callable[[str], bool]] = {
    "platform": lambda event: True,
    "connect": lambda event: event.startswith(OF_ACCOUNTS),
}


@dataclass(frozen=True)
class Endpoint:
    """One endpoint as it stands; `secret` is told when it is made, never again."""

    id: str
    purpose: str
    url: str
    events: frozenset[str]
    api_version: str
    enabled: bool
    secret: str = ""


class Endpoints:
    """Those of one platform account that lead to one instance."""

    def __init__(self, settings: Settings) -> None:
        key = settings.STRIPE_SECRET_KEY.get_secret_value()
        self._v1: Any = make_client(key, settings.STRIPE_API_BASE).v1
        self.url = f"{settings.PUBLIC_URL}/webhooks/stripe"

    def ours(self) -> list[Endpoint]:
        """Every endpoint that leads here, oldest first."""
        found = [_endpoint(each) for each in pages("list_endpoints", self._v1.webhook_endpoints.list, {})]
        return [each for each in reversed(found) if each.url == self.url]  # told newest first

    def create(self, purpose: str) -> Endpoint:
        """A new one, for exactly the events that are handled here, at the version that is spoken here."""
        params = {
            "url": self.url, "enabled_events": wanted(purpose), "api_version": stripe.api_version,
            "connect": purpose == "connect", "description": f"bountyhub ({purpose})", "metadata": {PURPOSE: purpose},
        }  # fmt: skip
        create = self._v1.webhook_endpoints.create
        return _endpoint(call("create_endpoint", create, params, {"idempotency_key": f"once-{ids.new_ref(24)}"}))

    def mend(self, endpoint: Endpoint) -> Endpoint:
        """Let it hear exactly what is handled here, switched on; its secret stays."""
        params = {"enabled_events": wanted(endpoint.purpose), "disabled": False}
        update = self._v1.webhook_endpoints.update
        key = {"idempotency_key": f"once-{ids.new_ref(24)}"}
        return _endpoint(call("update_endpoint", update, endpoint.id, params, key))

    def delete(self, endpoint: Endpoint) -> None:
        """It hears nothing any more."""
        call("delete_endpoint", self._v1.webhook_endpoints.delete, endpoint.id)


def wanted(purpose: str) -> list[str]:
    """The events that are handled here."""
    return [event for event in sorted(ROUTES) if PURPOSES[purpose](event)]


def faults(endpoints: list[Endpoint]) -> list[str]:
    """What keeps webhooks from arriving as they should, in words."""
    found = []
    for purpose in PURPOSES:
        of = [each for each in endpoints if each.purpose == purpose]
        if not of:
            found.append(f"there is no {purpose} endpoint: run bountyhub stripe webhook --create")
        if len(of) > 1:
            found.append(f"{len(of)} {purpose} endpoints: end the rotation with bountyhub stripe webhook --retire")
        found += [f"{each.id} ({purpose}) {fault}" for each in of for fault in _faults_of(each)]
    return found + [f"{each.id} was made by hand: delete it" for each in endpoints if each.purpose not in PURPOSES]


def _faults_of(endpoint: Endpoint) -> list[str]:
    missing = sorted(set(wanted(endpoint.purpose)) - endpoint.events)
    extra = sorted(endpoint.events - set(wanted(endpoint.purpose)))
    found = [f"does not hear {', '.join(missing)}: run --create"] if missing else []
    found += [f"hears {', '.join(extra)}, which nobody handles: run --create"] if extra else []
    found += [] if endpoint.enabled else ["is switched off: run --create"]
    if endpoint.api_version != stripe.api_version:
        spoken = endpoint.api_version or "the account’s own version"
        found.append(f"speaks {spoken}, not {stripe.api_version}: run --rotate, then --retire")
    return found


def _endpoint(answer: dict[str, Any]) -> Endpoint:
    return Endpoint(
        id=answer["id"],
        purpose=str((answer.get("metadata") or {}).get(PURPOSE, "")),
        url=answer["url"],
        events=frozenset(answer["enabled_events"]),
        api_version=str(answer.get("api_version") or ""),
        enabled=answer["status"] == "enabled",
        secret=str(answer.get("secret") or ""),
    )
