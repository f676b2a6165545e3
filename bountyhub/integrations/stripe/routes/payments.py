"""Events of checkouts, payments and charges: the checkout behind them is what we record."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub import ports
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Payment
from bountyhub.funding.operations.declines import record_declines
from bountyhub.integrations.stripe import lookups
from bountyhub.integrations.stripe.routes.record import Record, Route, nothing
from bountyhub.kit.database import reading
from bountyhub.kit.errors import NotFound
from bountyhub.ports.payments import WebhookEvent


def _checkout(event: WebhookEvent) -> Record:
    checkout = ports.gateway().read_checkout(event.object_id)
    if not checkout.reference:
        return nothing
    return lambda session: funding.record_checkout(session, checkout.reference, checkout)


def _payment(event: WebhookEvent) -> Record:
    """A payment intent or a charge: the checkout behind it is what we record."""
    reference = event.references.get("reference", "")
    intent = event.references.get("payment_intent") or event.object_id
    with reading() as session:
        id = lookups.checkout_of(session, reference=reference, payment_intent=intent)
    if id is None and not reference:
        return nothing
    if id is None:
        raise NotFound("No checkout is known for that payment.")
    return _checkout_now(id)


def _checkout_now(id: str) -> Record:
    checkout = ports.gateway().read_checkout(id)
    return lambda session: funding.record_checkout(session, checkout.reference, checkout)


def _declined(event: WebhookEvent) -> Record:
    """A card was refused on a checkout page, which may still be paid by another; asked for all, each counts once."""
    reference = event.references.get("reference", "")
    with reading() as session:
        ours = session.scalars(select(Payment.id).where(Payment.ref == reference)).first() if reference else None
    if ours is None:
        return nothing
    declines = ports.gateway().read_declines(event.object_id)
    return lambda session: record_declines(session, reference, declines)


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "checkout.session.completed": _checkout,
    "checkout.session.expired": _checkout,
    "checkout.session.async_payment_succeeded": _checkout,
    "checkout.session.async_payment_failed": _checkout,
    "payment_intent.payment_failed": _declined,
    "payment_intent.succeeded": _payment,
    "charge.updated": _payment,
}
