"""Closes the open pages of whoever had too many cards declined, and forgets old tries."""

from __future__ import annotations

from datetime import timedelta

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.funding.models import Payment, Promise
from bountyhub.funding.operations import record_checkout
from bountyhub.funding.operations.declines import open_pages_of
from bountyhub.funding.operations.promises import record_card_page
from bountyhub.funding.operations.tries import forget_tries
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import gateway

#: A page that is being opened just now is looked at again after this; its sweeper is quicker.
OPENED_BY_THEN = timedelta(seconds=60)


@job("funding.close_checkouts", queue="money")
def close_checkouts(run: Run, decline: int) -> None:
    """No card can be tried there any more; what was paid meanwhile is recorded as paid."""
    with reading() as session:
        payments, promises = open_pages_of(session, decline)
    opening = [_close(payment) for payment in payments] + [_close_page(row) for row in promises]
    with transaction() as session:
        if any(opening):
            outbox.add(session, "funding.close_checkouts", run_at=clock.real_now() + OPENED_BY_THEN, decline=decline)
        run.done(session)


def _close(payment: Payment) -> bool:
    """Whether it isn't open yet."""
    if payment.checkout_id is None:
        return True
    checkout = gateway().expire_checkout(payment.checkout_id)
    with transaction() as session:
        record_checkout(session, payment.ref, checkout)
    return False


def _close_page(row: Promise) -> bool:
    if row.page_id is None:
        return True
    page = gateway().expire_card_page(row.page_id)
    with transaction() as session:
        record_card_page(session, row.ref, page)
    return False


@recurring("funding.forget_tries", every=3600)
def forget(run: Run) -> None:
    """Nobody's tries are known for longer than a day."""
    with transaction() as session:
        forget_tries(session)
