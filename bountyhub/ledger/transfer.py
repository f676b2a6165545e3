"""Released money goes to a payee through the processor. Called by payouts: intent, outcome, undone later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, get, post, reverse


@dataclass(frozen=True)
class SharePiece:
    """A share's payable part of one contribution."""

    share: str
    contribution: str
    amount: int


def asked(
    session: Session,
    *,
    transfer: str,
    pieces: Sequence[SharePiece],
    currency: str,
    effective_at: datetime,
    actor: str,
    attempt: int = 1,
) -> Entry:
    """payable → transfer_pending: we are about to ask; `attempt` counts askings after a refusal."""
    pending = accounts.transfer_pending(transfer)
    return post(
        session,
        kind="transfer_asked",
        key=f"transfer_asked:{transfer}:{attempt}",
        moves=[Move(accounts.payable(piece.share, piece.contribution), pending, piece.amount) for piece in pieces],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"transfer": transfer},
    )


def confirmed(
    session: Session,
    *,
    transfer: str,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """transfer_pending → clearing: the processor moved it."""
    return post(
        session,
        kind="transfer_confirmed",
        key=f"transfer_confirmed:{transfer}",
        moves=[Move(accounts.transfer_pending(transfer), accounts.clearing(), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"transfer": transfer},
        outside_id=outside_id,
    )


def refused(
    session: Session,
    *,
    transfer: str,
    effective_at: datetime,
    actor: str,
    attempt: int = 1,
) -> Entry:
    """transfer_pending → payable: the processor refused, all of it is payable again; raises EntryNotFound."""
    return reverse(
        session,
        get(session, f"transfer_asked:{transfer}:{attempt}"),
        kind="transfer_refused",
        key=f"transfer_refused:{transfer}:{attempt}",
        effective_at=effective_at,
        actor=actor,
    )


def reversed_later(
    session: Session,
    *,
    transfer: str,
    pieces: Sequence[SharePiece],
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """clearing → payable: (a part of) a confirmed transfer came back; the balance transaction names it."""
    clearing = accounts.clearing()
    return post(
        session,
        kind="transfer_reversed",
        key=f"transfer_reversed:{outside_id}",
        moves=[Move(clearing, accounts.payable(piece.share, piece.contribution), piece.amount) for piece in pieces],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"transfer": transfer},
        outside_id=outside_id,
    )
