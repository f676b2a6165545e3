"""Refunds that failed for good stay owed: asked again, paid another way, or set apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, post


def asked_again(
    session: Session,
    *,
    refund: str,
    contribution: str,
    amount: int,
    currency: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """unclaimed_refund → refund_pending: a new refund, by another way the processor offers."""
    pending = accounts.refund_pending(refund, contribution)
    return post(
        session,
        kind="unclaimed_asked",
        key=f"unclaimed_asked:{refund}",
        moves=[Move(accounts.unclaimed_refund(contribution), pending, amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"refund": refund, "contribution": contribution},
    )


def paid_otherwise(
    session: Session,
    *,
    key: str,
    contribution: str,
    amount: int,
    currency: str,
    note: str,
    effective_at: datetime,
    actor: str,
    set_apart: bool = False,
) -> Entry:
    """unclaimed_refund → bank (→ bank/unclaimed when it was set apart there): by hand, with a note."""
    bank = accounts.bank_unclaimed() if set_apart else accounts.bank()
    return post(
        session,
        kind="unclaimed_paid",
        key=key,
        moves=[Move(accounts.unclaimed_refund(contribution), bank, amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"contribution": contribution, "note": note},
    )


def set_apart(
    session: Session,
    *,
    contribution: str,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """bank/unclaimed → clearing: paid out to the bank and kept apart there; still owed."""
    return post(
        session,
        kind="unclaimed_set_apart",
        key=f"unclaimed_set_apart:{outside_id}",
        moves=[Move(accounts.bank_unclaimed(), accounts.clearing(), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"contribution": contribution},
        outside_id=outside_id,
    )
