"""The operator's own money at the processor."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.ledger import treasury
from bountyhub.ports.payments import Movement


def record_top_up(session: Session, movement: Movement) -> None:
    """Book a top-up once, known by its balance transaction."""
    treasury.topped_up(
        session, amount=movement.amount.amount, currency=movement.amount.currency, outside_id=movement.id,
        effective_at=movement.at, actor="stripe",
    )  # fmt: skip
