"""The operator's own money: put in, paid out, drawn, and tax paid. Called by reconciliation and the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, post


def topped_up(
    session: Session,
    *,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    key: str | None = None,
) -> Entry:
    """clearing → own/float: the operator put money into the processor's balance."""
    return post(
        session,
        kind="topped_up",
        key=key or f"topped_up:{outside_id}",
        moves=[Move(accounts.clearing(), accounts.own_float(), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        outside_id=outside_id,
    )


def paid_out(
    session: Session,
    *,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    key: str | None = None,
) -> Entry:
    """bank → clearing: the processor paid out to the operator's bank account."""
    return post(
        session,
        kind="paid_out",
        key=key or f"paid_out:{outside_id}",
        moves=[Move(accounts.bank(), accounts.clearing(), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        outside_id=outside_id,
    )


def payout_returned(
    session: Session,
    *,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    set_apart: bool = False,
) -> Entry:
    """clearing → bank (or bank/unclaimed): a payout failed or was cancelled, its money is at the processor again."""
    return post(
        session,
        kind="payout_returned",
        key=f"payout_returned:{outside_id}",
        moves=[Move(accounts.clearing(), accounts.bank_unclaimed() if set_apart else accounts.bank(), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        outside_id=outside_id,
    )


def drawn(
    session: Session,
    *,
    key: str,
    amount: int,
    currency: str,
    note: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """own/float → bank: the owner took money out of the bank account, by hand, with a note."""
    move = Move(accounts.own_float(), accounts.bank(), amount)
    return _by_hand(session, "drawn", key, move, currency, note, effective_at, actor)


def vat_paid(
    session: Session,
    *,
    key: str,
    country: str,
    amount: int,
    currency: str,
    note: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """vat_due → bank: tax on earned fees was paid to a state."""
    move = Move(accounts.vat_due(country), accounts.bank(), amount)
    return _by_hand(session, "vat_paid", key, move, currency, note, effective_at, actor)


def _by_hand(
    session: Session,
    kind: str,
    key: str,
    move: Move,
    currency: str,
    note: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    return post(
        session,
        kind=kind,
        key=key,
        moves=[move],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"note": note},
    )
