"""Intents without an outcome: what was asked of the processor long ago and is not known to have ended.

One line a kind in INTENTS; docs/operating.md lists them with their sweepers. Raises alarms, mends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bountyhub.events import alarms
from bountyhub.events.alarms import Found
from bountyhub.events.registry import Run, recurring
from bountyhub.funding.models import Dispute, Payment, PaymentState, Promise, PromiseState, Refund, RefundState
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts.models import Payee, Reversal, ReversalState, Transfer, TransferState

ALARM = "intent:"
#: An alarm names so many of a kind.
NAMED = 5


@dataclass(frozen=True)
class Intent:
    """`overdue(before)`: references of what was asked before that moment (protocol time) and has no outcome."""

    kind: str
    hours: int
    overdue: Callable[[datetime], Select[str]]


def _checkouts(before: datetime) -> Select[str]:
    waiting = Payment.state.in_([PaymentState.PLANNED, PaymentState.OPEN])
    return select(Payment.ref).where(waiting, Payment.expires_at < before).order_by(Payment.id)


def _awaited(before: datetime) -> Select[str]:
    waiting = Payment.state == PaymentState.AWAITED
    return select(Payment.ref).where(waiting, Payment.expires_at < before).order_by(Payment.id)


def _refunds(before: datetime) -> Select[str]:
    asked = (Refund.state == RefundState.ASKED) & Refund.processor_id.is_(None)
    return select(Refund.ref).where(asked, Refund.called_at < before).order_by(Refund.id)


def _transfers(before: datetime) -> Select[str]:
    sent = Transfer.state == TransferState.SENT
    return select(Transfer.ref).where(sent, Transfer.called_at < before).order_by(Transfer.id)


def _reversals(before: datetime) -> Select[str]:
    asked = Reversal.state == ReversalState.ASKED
    return select(Reversal.ref).where(asked, Reversal.called_at < before).order_by(Reversal.id)


def _accounts(before: datetime) -> Select[str]:
    return select(Payee.ref).where(Payee.account.is_(None), Payee.called_at < before).order_by(Payee.id)


def _evidence(before: datetime) -> Select[str]:
    asked = Dispute.submit_asked_at.is_not(None) & Dispute.submitted_at.is_(None)
    return select(Dispute.ref).where(asked, Dispute.called_at < before).order_by(Dispute.id)


def _cards(before: datetime) -> Select[str]:
    asked = Promise.state == PromiseState.ASKED
    return select(Promise.ref).where(asked, Promise.page_expires_at < before).order_by(Promise.id)


def _charges(before: datetime) -> Select[str]:
    charging = Promise.state == PromiseState.CHARGING
    return select(Promise.ref).where(charging, Promise.called_at < before).order_by(Promise.id)


#: Every kind of call that leaves an intent behind. A new kind of call gets its line here.
INTENTS: list[Intent] = [
    Intent("checkout", 26, _checkouts),
    Intent("payment at a bank", 24 * 28, _awaited),
    Intent("refund", 26, _refunds),
    Intent("transfer", 26, _transfers),
    Intent("reversal", 26, _reversals),
    Intent("account", 26, _accounts),
    Intent("evidence", 26, _evidence),
    Intent("card to save", 26, _cards),
    Intent("charge", 26, _charges),
]


@recurring("stripe.look_for_overdue_intents", every=3600)
def look_for_overdue(run: Run) -> None:
    """Raise an alarm for each kind of which something has waited too long, and end it when nothing does."""
    with transaction() as session:
        alarms.settle(session, ALARM, overdue(session, clock.real_now()))
        run.done(session)


def overdue(session: Session, now: datetime) -> list[Found]:
    """One alarm a kind."""
    found = []
    for intent in INTENTS:
        query = intent.overdue(now - timedelta(hours=intent.hours))
        refs = list(session.scalars(query.limit(NAMED + 1)))
        if refs:
            named = ", ".join(refs[:NAMED]) + (", …" if len(refs) > NAMED else "")
            told = (
                f"asked of the processor more than {intent.hours} hours ago, without an outcome: {intent.kind} {named}"
            )
            found.append(Found(f"{ALARM}{intent.kind}", "intent", intent.kind, told))
    return found
