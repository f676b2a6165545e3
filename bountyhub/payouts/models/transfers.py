"""Transfers: pieces of shares on their way to payees."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.payouts.models.payees import Payee
from bountyhub.payouts.models.shares import Share


class TransferState(StrEnum):
    """`planned`: not yet looked at; `waiting`: for a reason; `sent`: asked, no answer yet; `reversed`: came back."""

    PLANNED = "planned"
    WAITING = "waiting"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REVERSED = "reversed"


class WaitReason(StrEnum):
    FRESH = "fresh"
    #: The payer's bank may still call the payment back without a reason.
    CALLABLE = "callable"
    FUNDS = "funds"
    ACCOUNT = "account"
    #: The payout account is new, or its bank account was changed a moment ago.
    HOLD = "hold"
    #: An operator, or the site itself, halted outgoing money.
    STOPPED = "stopped"
    #: The bank disputes the payment it would be drawn from, or warns of fraud.
    DISPUTE = "dispute"
    #: It came back: sent again by nobody, since somebody took it back on purpose.
    REVERSED = "reversed"


class Transfer(Base):
    """One piece of a share: from one contribution's charge to the payee. Intent, call, outcome."""

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("share_id", "contribution_id"),
        Index("ix_transfer_state_not_before", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random; also the idempotency key and the reference in the processor's metadata.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    share_id: Mapped[int] = mapped_column(ForeignKey(Share.id), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey(Contribution.id), index=True)
    payee_id: Mapped[int | None] = mapped_column(ForeignKey(Payee.id))
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[TransferState] = mapped_column(words(TransferState))
    wait_reason: Mapped[WaitReason | None] = mapped_column(words(WaitReason))
    #: Business time before which it doesn't leave (fresh money).
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Counts askings after a refusal; part of the idempotency key.
    attempt: Mapped[int] = mapped_column(default=1)
    #: Protocol time of the first call: after 24 h the processor forgets our key, then we look before asking.
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    processor_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Minor units of it that came back after it was confirmed.
    reversed: Mapped[int] = mapped_column(BigInt, default=0)

    @property
    def money(self) -> Money:
        """The piece."""
        return Money(self.amount, self.currency)
