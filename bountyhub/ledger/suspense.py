"""Money that could not be placed is matched to what it was for, or sent back. Called by funding."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, post


def matched(
    session: Session,
    *,
    payment: str,
    contribution: str,
    amount: int,
    fee: int,
    currency: str,
    effective_at: datetime,
    actor: str,
    vat: int = 0,
    key: str | None = None,
) -> Entry:
    """suspense → escrow, fee_held, vat_held: it turned out to be this contribution."""
    suspense = accounts.suspense(payment, contribution)
    return post(
        session,
        kind="suspense_matched",
        key=key or f"suspense_matched:{payment}",
        moves=[
            Move(suspense, accounts.escrow(contribution), amount),
            Move(suspense, accounts.fee_held(contribution), fee),
            Move(suspense, accounts.vat_held(contribution), vat),
        ],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"payment": payment, "contribution": contribution},
    )


def returned(
    session: Session,
    *,
    payment: str,
    contribution: str,
    refund: str,
    amount: int,
    currency: str,
    effective_at: datetime,
    actor: str,
    key: str | None = None,
) -> Entry:
    """suspense → refund_pending: it goes back whole."""
    return post(
        session,
        kind="suspense_returned",
        key=key or f"suspense_returned:{payment}",
        moves=[
            Move(
                accounts.suspense(payment, contribution),
                accounts.refund_pending(refund, contribution),
                amount,
            )
        ],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"payment": payment, "contribution": contribution, "refund": refund},
    )
