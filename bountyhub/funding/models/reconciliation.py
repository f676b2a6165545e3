"""How far the processor's book was compared with ours, and each of its movements that stands differently in the two."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime


class MovementCursor(Base):
    """One row an account at the processor: the last of its movements that was compared."""

    __tablename__ = "movement_cursor"

    account: Mapped[str] = mapped_column(String(120), primary_key=True, comment="whose book: `platform`")
    last_id: Mapped[str] = mapped_column(String(120), comment="the newest balance transaction that was compared")
    compared: Mapped[int] = mapped_column(BigInt, comment="how many movements were compared since the beginning")
    walked_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="end of the last look, protocol time")


class Discrepancy(Base):
    """A movement that is missing, extra or of another amount in our books; net of fees, in minor units."""

    __tablename__ = "discrepancy"
    __table_args__ = (Index("ix_discrepancy_ended_at", "ended_at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    balance_transaction: Mapped[str] = mapped_column(String(120), unique=True, comment="the processor's id")
    kind: Mapped[str] = mapped_column(String(60), comment="the processor's word; `unknown` where only we have it")
    source: Mapped[str] = mapped_column(String(120), comment="the processor's object behind it, empty for none")
    currency: Mapped[str] = mapped_column(String(3), comment="ISO 4217")
    theirs: Mapped[int] = mapped_column(BigInt, comment="what it did to the processor's balance")
    ours: Mapped[int] = mapped_column(BigInt, comment="what it did to our clearing account")
    first_seen: Mapped[datetime] = mapped_column(UtcDateTime, comment="protocol time")
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime, comment="protocol time of the last look")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when both agreed again; none while open")

    @property
    def difference(self) -> Money:
        """What the processor has more than our books."""
        return Money(self.theirs - self.ours, self.currency)
