"""Shares: each payee's part of a claim."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task


class ShareState(StrEnum):
    PAYABLE = "payable"
    HELD_BACK = "held_back"
    KEPT = "kept"
    TRANSFERRING = "transferring"
    PAID = "paid"
    RETURNED = "returned"


class Share(Base):
    """One payee's part of one claim, owed to a forge identity whether it signed in or not."""

    __tablename__ = "share"
    __table_args__ = (Index("ix_share_identity_state", "identity_id", "state"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random name in ledger paths.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), index=True)
    #: The claim it comes from (no foreign key: work lies above payouts).
    claim_id: Mapped[int] = mapped_column(BigInt, index=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey(Identity.id))
    #: Minor units, without what lapsed of it.
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[ShareState] = mapped_column(words(ShareState))
    #: How often its state changed: tells its ledger keys apart.
    moves: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when its release was undone: nothing of it is sent any more, what was sent is taken back"
    )

    @property
    def money(self) -> Money:
        """The whole share."""
        return Money(self.amount, self.currency)
