"""Money comes in: captured for a task, too late for it, or not as agreed; and what the processor charged.

Called by `funding.operations.settle` with the figures and times of the processor's balance transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, find, post


def entry_of(session: Session, payment: str) -> Entry | None:
    """The entry with which a payment came in, however it was booked."""
    return find(session, key_of(payment))


def key_of(payment: str) -> str:
    """Under which a payment comes in once, however it is booked."""
    return f"captured:{payment}"


def captured(
    session: Session,
    *,
    payment: str,
    contribution: str,
    amount: int,
    fee: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    vat: int = 0,
    key: str | None = None,
) -> Entry:
    """clearing → escrow, fee_held, vat_held: held for a task from now on."""
    clearing = accounts.clearing()
    return post(
        session,
        kind="captured",
        key=key or key_of(payment),
        moves=[
            Move(clearing, accounts.escrow(contribution), amount),
            Move(clearing, accounts.fee_held(contribution), fee),
            Move(clearing, accounts.vat_held(contribution), vat),
        ],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"payment": payment, "contribution": contribution},
        outside_id=outside_id,
    )


def captured_late(
    session: Session,
    *,
    payment: str,
    contribution: str,
    refund: str,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    key: str | None = None,
) -> Entry:
    """clearing → refund_pending: paid (`amount`, fee included) after the task stopped taking money."""
    return post(
        session,
        kind="captured_late",
        key=key or key_of(payment),
        moves=[Move(accounts.clearing(), accounts.refund_pending(refund, contribution), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"payment": payment, "contribution": contribution, "refund": refund},
        outside_id=outside_id,
    )


def captured_wrong(
    session: Session,
    *,
    payment: str,
    contribution: str,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    key: str | None = None,
) -> Entry:
    """clearing → suspense: not the amount or currency agreed; held apart until matched or returned."""
    return post(
        session,
        kind="captured_wrong",
        key=key or key_of(payment),
        moves=[Move(accounts.clearing(), accounts.suspense(payment, contribution), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"payment": payment, "contribution": contribution},
        outside_id=outside_id,
    )


def cost(
    session: Session,
    *,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    refs: dict[str, str] | None = None,
    key: str | None = None,
) -> Entry:
    """cost/processor → clearing: what the processor's balance transaction says it charged, never computed.

    A negative amount is a cost given back.
    """
    costs, clearing = accounts.cost_processor(), accounts.clearing()
    return post(
        session,
        kind="cost",
        key=key or f"cost:{outside_id}",
        moves=[Move(costs, clearing, amount) if amount >= 0 else Move(clearing, costs, -amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs=refs,
        outside_id=outside_id,
    )
