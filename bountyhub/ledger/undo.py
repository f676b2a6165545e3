"""Decided money that goes back to its backer after all: two entries under one lock. Called by work and funding.

The fee's part is first held again and then returned, each by the formula of its own entry, so that both can be
checked from the lines alone (docs/decisions/0026-two-entries.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts, dispute, refund, release
from bountyhub.ledger.models import Entry
from bountyhub.ledger.positions import Terms
from bountyhub.ledger.posting import get, lines_of
from bountyhub.ledger.transfer import SharePiece


def release_returned(
    session: Session,
    *,
    key: str,
    refund_ref: str,
    terms: Terms,
    pieces: Sequence[SharePiece],
    effective_at: datetime,
    actor: str,
) -> Entry:
    """payable → escrow → refund_pending, with the fee's part: a release undone when its task is over.

    All pieces are of the contribution in `terms`. Returns the refund's entry; raises Overdraft.
    """
    undone = [release.Piece(piece.share, piece.contribution, piece.amount) for piece in pieces]
    release.undone(session, key=key, pieces=undone, terms=[terms], effective_at=effective_at, actor=actor)
    total = sum(piece.amount for piece in pieces)
    return refund.asked(
        session, refund=refund_ref, terms=terms, from_escrow=total, effective_at=effective_at, actor=actor
    )


def dispute_won_and_returned(
    session: Session,
    *,
    dispute_ref: str,
    refund_ref: str,
    terms: Terms,
    outside_id: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """A charge-back won when its task is over: frozen → where it came from, and what came from escrow goes back.

    Shares keep what was theirs. Returns the refund's entry; raises NothingToMove when nothing came from escrow.
    """
    dispute.won(
        session, dispute=dispute_ref, contribution=terms.contribution, currency=terms.currency,
        outside_id=outside_id, effective_at=effective_at, actor=actor,
    )  # fmt: skip
    frozen = lines_of(session, get(session, f"dispute_withdrawn:{dispute_ref}"))
    from_escrow = frozen.get(accounts.escrow(terms.contribution), 0)
    return refund.asked(
        session, refund=refund_ref, terms=terms, from_escrow=from_escrow, effective_at=effective_at, actor=actor
    )
