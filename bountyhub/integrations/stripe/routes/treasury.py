"""Events of the operator's own money."""

from __future__ import annotations

from bountyhub.integrations.stripe.routes.record import Record, Route
from bountyhub.integrations.stripe.top_ups import read_top_ups, record_top_ups
from bountyhub.ports.payments import WebhookEvent


def _top_up(event: WebhookEvent) -> Record:
    movements = read_top_ups()
    return lambda session: record_top_ups(session, movements)


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "topup.succeeded": _top_up,
}
