"""Stored Stripe events: read the object again, then one operation. The event itself is only a hint.

So repetition and order don't matter: whatever an old event says, what stands there now is recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from bountyhub import ports
from bountyhub.events import inbox
from bountyhub.events.models import InboxEvent
from bountyhub.events.registry import Run
from bountyhub.funding import operations as funding
from bountyhub.integrations.stripe import lookups
from bountyhub.integrations.stripe.signature import read_event
from bountyhub.integrations.stripe.top_ups import read_top_ups, record_top_ups
from bountyhub.integrations.stripe.webhooks import SOURCE
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.payouts import operations as payouts
from bountyhub.ports.errors import OutsideGone, OutsideUnavailable
from bountyhub.ports.payments import WebhookEvent

log = logging.getLogger("bountyhub.stripe")

#: About four minutes with the outbox's back-off: our rows are written before the processor is asked, so what is still
#: unknown then belongs to somebody else using the same account.
MOST_ATTEMPTS = 9

#: What to write down, once the processor was asked.
Record = Callable[[Session], object]


class NotYetKnown(OutsideUnavailable):
    """The event came before the row it speaks of: look again later."""


@inbox.handles(SOURCE)
def handle(run: Run, stored: InboxEvent) -> None:
    """Bring our books to what the event's object is now, and mark the event handled, in one transaction."""
    event = read_event(stored.body)
    record = _read(event, run)
    try:
        with transaction() as session:
            record(session)
            run.done(session)
    except NotFound as error:
        _wait_or_give_up(run, event, error.message)


def _read(event: WebhookEvent, run: Run) -> Record:
    """Ask the processor what an event's object is now; nothing to record for what is none of ours."""
    read = ROUTES.get(event.type)
    try:
        return read(event) if read is not None else _nothing
    except OutsideGone:
        log.warning("event %s (%s): its object is gone", event.id, event.type)
    except NotFound as error:
        if run.attempt < MOST_ATTEMPTS:
            raise NotYetKnown(f"event {event.id} ({event.type}): {error.message}") from None
        log.warning("event %s (%s) is of nothing known here: %s", event.id, event.type, error.message)
    return _nothing


def _wait_or_give_up(run: Run, event: WebhookEvent, why: str) -> None:
    if run.attempt < MOST_ATTEMPTS:
        raise NotYetKnown(f"event {event.id} ({event.type}): {why}")
    log.warning("event %s (%s) is of nothing known here: %s", event.id, event.type, why)
    with transaction() as session:
        run.done(session)


def _nothing(session: Session) -> None:
    """An event of no consequence here."""


def _checkout(event: WebhookEvent) -> Record:
    checkout = ports.gateway().read_checkout(event.object_id)
    if not checkout.reference:
        return _nothing
    return lambda session: funding.record_checkout(session, checkout.reference, checkout)


def _payment(event: WebhookEvent) -> Record:
    """A payment intent or a charge: the checkout behind it is what we record."""
    reference = event.references.get("reference", "")
    intent = event.references.get("payment_intent") or event.object_id
    with reading() as session:
        id = lookups.checkout_of(session, reference=reference, payment_intent=intent)
    if id is None and not reference:
        return _nothing
    if id is None:
        raise NotFound("No checkout is known for that payment.")
    return _checkout_now(id)


def _checkout_now(id: str) -> Record:
    checkout = ports.gateway().read_checkout(id)
    return lambda session: funding.record_checkout(session, checkout.reference, checkout)


def _refund(event: WebhookEvent) -> Record:
    result = ports.gateway().read_refund(event.object_id)
    if not result.reference:
        return _nothing
    return lambda session: funding.record_refund(session, result)


def _refunds_of_charge(event: WebhookEvent) -> Record:
    """A charge says only that something of it went back: look at each refund of it that isn't finished here."""
    intent = event.references.get("payment_intent", "")
    with reading() as session:
        references = lookups.unfinished_refunds(session, intent)
    found = [ports.gateway().find_refund(reference, intent) for reference in references]
    results = [result for result in found if result is not None]
    return lambda session: [funding.record_refund(session, result) for result in results]


def _account(event: WebhookEvent) -> Record:
    id = event.references.get("account") or event.object_id
    account = ports.gateway().read_account(id)
    reference = event.references.get("reference", "")
    with reading() as session:
        by_reference = lookups.payee_without_account(session, reference)
    return lambda session: payouts.record_account(session, account, reference if by_reference else None)


def _transfer(event: WebhookEvent) -> Record:
    result = ports.gateway().read_transfer(event.object_id)
    if not result.reference:
        return _nothing
    return lambda session: payouts.record_transfer(session, result)


def _top_up(event: WebhookEvent) -> Record:
    movements = read_top_ups()
    return lambda session: record_top_ups(session, movements)


#: Events that change something here; any other is acknowledged and marked handled.
ROUTES: dict[str, Callable[[WebhookEvent], Record]] = {
    "checkout.session.completed": _checkout,
    "checkout.session.expired": _checkout,
    "checkout.session.async_payment_succeeded": _checkout,
    "checkout.session.async_payment_failed": _checkout,
    "payment_intent.succeeded": _payment,
    "charge.updated": _payment,
    "charge.refunded": _refunds_of_charge,
    "charge.refund.updated": _refund,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "account.updated": _account,
    "capability.updated": _account,
    "transfer.created": _transfer,
    "transfer.updated": _transfer,
    "transfer.reversed": _transfer,
    "topup.succeeded": _top_up,
}
