"""Events of pages that save a card, and of charges of saved cards; any other payment's go to `payments`."""

from __future__ import annotations

from sqlalchemy import or_, select

from bountyhub import ports
from bountyhub.funding.models import Payment, Promise
from bountyhub.funding.operations.declines import record_card_declines
from bountyhub.funding.operations.promises import record_card_page
from bountyhub.integrations.stripe.routes import payments
from bountyhub.integrations.stripe.routes.record import Record, Route, nothing
from bountyhub.kit.database import reading
from bountyhub.ports.payments import WebhookEvent
from bountyhub.work.operations.promises import record_promise_charge


def _page(event: WebhookEvent) -> Record:
    """A checkout: one that saves a card carries the ref of its promise."""
    reference = event.references.get("reference", "")
    with reading() as session:
        ours = session.scalars(select(Promise.id).where(Promise.ref == reference)).first() if reference else None
    if ours is None:
        return payments.ROUTES[event.type](event)
    page = ports.gateway().read_card_page(event.object_id)
    return lambda session: record_card_page(session, page.reference, page)


def _charge(event: WebhookEvent) -> Record:
    """A payment intent or a charge: of a saved card, or of a checkout."""
    reference = event.references.get("reference", "")
    intent = event.references.get("payment_intent") or event.object_id
    with reading() as session:
        named = or_(Payment.payment_intent == intent, Payment.ref == reference)
        query = select(Payment.ref).join(Promise, Promise.contribution_id == Payment.contribution_id).where(named)
        ours = session.scalars(query).first()
    if ours is None:
        other = payments.ROUTES.get(event.type)
        return other(event) if other is not None else nothing
    charge = ports.gateway().read_charge(intent)
    return lambda session: record_promise_charge(session, ours, charge)


def _refused(event: WebhookEvent) -> Record:
    """A card was refused on a page that saves one; another may still be tried there."""
    reference = event.references.get("reference", "")
    with reading() as session:
        ours = session.scalars(select(Promise.id).where(Promise.ref == reference)).first() if reference else None
    if ours is None:
        return nothing
    declines = ports.gateway().read_card_declines(event.object_id)
    return lambda session: record_card_declines(session, reference, declines)


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "checkout.session.completed": _page,
    "checkout.session.expired": _page,
    "payment_intent.succeeded": _charge,
    "payment_intent.payment_failed": _charge,
    "payment_intent.canceled": _charge,
    "charge.updated": _charge,
    "setup_intent.setup_failed": _refused,
}
