"""Stored Stripe events: read the object again, then one operation. The event itself is only a hint.

So repetition and order don't matter: whatever an old event says, what stands there now is recorded.
"""

from __future__ import annotations

import logging

from bountyhub.events import inbox
from bountyhub.events.models import InboxEvent
from bountyhub.events.registry import Run
from bountyhub.integrations.stripe.routes import ROUTES, Record, nothing
from bountyhub.integrations.stripe.signature import read_event
from bountyhub.integrations.stripe.webhooks import SOURCE
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ports.errors import OutsideGone, OutsideUnavailable
from bountyhub.ports.payments import WebhookEvent

log = logging.getLogger("bountyhub.stripe")

#: About four minutes with the outbox's back-off: our rows are written before the processor is asked, so what is still
#: unknown then belongs to somebody else using the same account.
MOST_ATTEMPTS = 9


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
        return read(event) if read is not None else nothing
    except OutsideGone:
        log.warning("event %s (%s): its object is gone", event.id, event.type)
    except NotFound as error:
        if run.attempt < MOST_ATTEMPTS:
            raise NotYetKnown(f"event {event.id} ({event.type}): {error.message}") from None
        log.warning("event %s (%s) is of nothing known here: %s", event.id, event.type, error.message)
    return nothing


def _wait_or_give_up(run: Run, event: WebhookEvent, why: str) -> None:
    if run.attempt < MOST_ATTEMPTS:
        raise NotYetKnown(f"event {event.id} ({event.type}): {why}")
    log.warning("event %s (%s) is of nothing known here: %s", event.id, event.type, why)
    with transaction() as session:
        run.done(session)
