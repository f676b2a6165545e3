"""Refunds: money on its way back to the card it came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime, words


class RefundState(StrEnum):
    ASKED = "asked"
    DEBITED = "debited"
    DONE = "done"
    FAILED = "failed"
    #: Failed, then asked for again by another refund or paid another way.
    SETTLED = "settled"


class RefundReason(StrEnum):
    WITHDRAWN = "withdrawn"
    NOTICE = "notice"
    LIFE_OVER = "life_over"
    TASK_OVER = "task_over"
    TOO_LATE = "too_late"
    WRONG_AMOUNT = "wrong_amount"
    OBJECTION = "objection"
    KEPT_LAPSED = "kept_lapsed"
    RENEWED = "renewed"
    FRAUD_WARNING = "fraud_warning"
    DISPUTE_WON = "dispute_won"
    DISPUTE_REST = "dispute_rest"
    RELEASE_UNDONE = "release_undone"


class Refund(Base):
    """Money on its way back to the card it came from: intent, call, outcome."""

    __tablename__ = "refund"
    __table_args__ = (Index("ix_refund_state_asked_at", "state", "asked_at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random; also the idempotency key and the reference in the processor's metadata.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey(Contribution.id), index=True)
    reason: Mapped[RefundReason] = mapped_column(words(RefundReason))
    #: Minor units going back, fee included.
    total: Mapped[int] = mapped_column(BigInt)
    kept: Mapped[int] = mapped_column(
        BigInt, default=0, server_default="0", comment="processing cost kept of it, with the tax on it, minor units"
    )
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[RefundState] = mapped_column(words(RefundState))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Counts askings after a refusal; part of the idempotency key.
    attempt: Mapped[int] = mapped_column(default=1)
    #: Protocol time of the first call: after 24 h the processor forgets our key, then we look before asking.
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    processor_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def key(self) -> str:
        """The idempotency key of this asking: what was refused is answered the same way for a day."""
        return self.ref if self.attempt == 1 else f"{self.ref}-{self.attempt}"

    @property
    def money(self) -> Money:
        """The sum going back."""
        return Money(self.total, self.currency)

    @property
    def kept_money(self) -> Money:
        """What was kept of it, as named before paying."""
        return Money(self.kept or 0, self.currency)
