"""Sweeps that ask Stripe what webhooks may have missed: the operator's top-ups, and whether both books agree."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.funding.operations.reconciliation import tell, tell_balance
from bountyhub.integrations.stripe import payouts  # noqa: F401  (it registers its sweep)
from bountyhub.integrations.stripe.reconciliation import compare
from bountyhub.integrations.stripe.top_ups import read_top_ups, record_top_ups
from bountyhub.integrations.stripe.walking import look_again, walk, walk_whole
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money

log = logging.getLogger("bountyhub.stripe")

#: What is on its way (a refund debited there, its outcome not yet written here) has arrived by then.
LOOK_AGAIN = timedelta(seconds=90)


@recurring("stripe.sync_top_ups", every=60, queue="money")
def sync_top_ups(run: Run) -> None:
    """Book what the operator put into the balance, also before any webhook is set up: checkouts wait for it."""
    movements = read_top_ups()
    with transaction() as session:
        record_top_ups(session, movements)
        run.done(session)


@recurring("stripe.walk_movements", every=600)
def walk_movements(run: Run) -> None:
    """Compare what is new in the processor's book with ours, and what differed before once more."""
    look_again()
    walk()
    with transaction() as session:
        tell(session)
        run.done(session)


@recurring("stripe.reconcile", every=3600)
def reconcile(run: Run) -> None:
    """Compare the balance of each currency with our books; what differs is looked at again before it alarms."""
    found = {currency: _difference(currency) for currency in settings.current().CURRENCIES}
    with transaction() as session:
        for currency, difference in found.items():
            if difference:
                _look_again(session, currency, difference)
            else:
                _note(session, currency, 0)
        run.done(session)


@job("stripe.confirm_difference", queue="sweep", seconds=900)
def confirm_difference(run: Run, currency: str, difference: int) -> None:
    """A difference that is still the same is one: the operator's desk shows it. A changing one is looked at again.

    Which movements make it up is found by comparing all of both books: it may lie behind the walk.
    """
    now = _difference(currency)
    if now and now == difference:
        walk_whole()
    with transaction() as session:
        if now and now != difference:
            _look_again(session, currency, now)
        else:
            _note(session, currency, now)
        run.done(session)


def _difference(currency: str) -> int:
    theirs, ours = compare(currency)
    return (theirs - ours).amount


def _look_again(session: Session, currency: str, difference: int) -> None:
    later = clock.real_now() + LOOK_AGAIN
    outbox.add(session, "stripe.confirm_difference", run_at=later, currency=currency, difference=difference)


def _note(session: Session, currency: str, difference: int) -> None:
    """Into the audit trail when it changed; into the log each time the books don't agree."""
    if difference:
        log.error("clearing differs from the processor's balance by %s minor units %s", difference, currency)
    tell_balance(session, currency, Money(difference, currency))
    kind = f"clearing:{currency}"
    last = audit.trail(session, kind, 0, limit=1)
    if (last[0].detail["difference"] if last else 0) != difference:
        action = "books_differ" if difference else "books_agree"
        audit.record(session, "stripe", action, kind, 0, difference=difference)
