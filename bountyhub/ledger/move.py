"""A whole contribution moves to another task: what is left in escrow goes with its fee. Called by funding."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.book import lock
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, post, replayed


def moved(
    session: Session,
    *,
    key: str,
    source: str,
    target: str,
    currency: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """escrow, fee_held, vat_held of `source` → those of `target`; its new terms are what arrived there."""
    request = {"source": source, "target": target, "currency": currency}
    book = lock(session, [accounts.escrow(source)], currency, [source, target])
    entry = replayed(session, "moved", key, request)
    if entry is not None:
        return entry
    builders = (accounts.escrow, accounts.fee_held, accounts.vat_held)
    moves = [
        Move(build(source), build(target), book[build(source).path].amount)
        for build in builders
        if build(source).path in book
    ]
    return post(
        session,
        kind="moved",
        key=key,
        moves=moves,
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs={"source": source, "target": target},
        request=request,
    )
