"""Refunds that failed: what is known of another way to give them back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.refunds import Refund
from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime


class Unclaimed(Base):
    """A refund that failed and waits. Bank details stand here alone, and are forgotten once it is settled."""

    __tablename__ = "unclaimed"

    refund_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey(Refund.id), primary_key=True, autoincrement=False, comment="the refund that failed"
    )
    since: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it failed, business time")
    reminded: Mapped[int] = mapped_column(default=0, comment="how many reminders were written")
    holder: Mapped[str | None] = mapped_column(String(200), comment="whose bank account; forgotten once it is settled")
    iban: Mapped[str | None] = mapped_column(String(34), comment="where it goes; forgotten once it is settled")
    apart_asked_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when an operator announced a payout of just this sum"
    )
    payout: Mapped[str | None] = mapped_column(
        String(120), unique=True, comment="the payout by which it was set apart at the bank"
    )
