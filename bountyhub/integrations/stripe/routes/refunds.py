"""Events of refunds, and of charges of which something went back."""

from __future__ import annotations

from bountyhub import ports
from bountyhub.funding import operations as funding
from bountyhub.integrations.stripe import lookups
from bountyhub.integrations.stripe.routes.record import Record, Route, nothing
from bountyhub.kit.database import reading
from bountyhub.ports.payments import WebhookEvent


def _refund(event: WebhookEvent) -> Record:
    result = ports.gateway().read_refund(event.object_id)
    if not result.reference:
        return nothing
    return lambda session: funding.record_refund(session, result)


def _refunds_of_charge(event: WebhookEvent) -> Record:
    """A charge says only that something of it went back: look at each refund of it that isn't finished here."""
    intent = event.references.get("payment_intent", "")
    with reading() as session:
        references = lookups.unfinished_refunds(session, intent)
    found = [ports.gateway().find_refund(reference, intent) for reference in references]
    results = [result for result in found if result is not None]
    return lambda session: [funding.record_refund(session, result) for result in results]


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "charge.refunded": _refunds_of_charge,
    "charge.refund.updated": _refund,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
}
