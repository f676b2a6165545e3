"""Events of disputes and early fraud warnings: what stands there now is recorded, whatever the event says."""

from __future__ import annotations

from bountyhub import ports
from bountyhub.integrations.stripe.routes.record import Record, Route
from bountyhub.ports.payments import WebhookEvent
from bountyhub.work import operations as work


def _dispute(event: WebhookEvent) -> Record:
    info = ports.gateway().read_dispute(event.object_id)
    return lambda session: work.record_dispute(session, info)


def _warning(event: WebhookEvent) -> Record:
    warning = ports.gateway().read_fraud_warning(event.object_id)
    return lambda session: work.record_fraud_warning(session, warning)


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
    "radar.early_fraud_warning.created": _warning,
}
