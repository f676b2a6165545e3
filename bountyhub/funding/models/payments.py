"""Payments: one hosted checkout of one contribution each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words


class PaymentState(StrEnum):
    """`awaited`: ordered on the hosted page; the payer's bank decides in days whether the money comes."""

    PLANNED = "planned"
    OPEN = "open"
    AWAITED = "awaited"
    CAPTURED = "captured"
    FAILED = "failed"
    EXPIRED = "expired"


#: Nothing has come, and it may yet.
UNPAID = (PaymentState.PLANNED, PaymentState.OPEN, PaymentState.AWAITED)


class Payment(Base):
    """One hosted checkout of one contribution: our intent, then what the processor said."""

    __tablename__ = "payment"
    __table_args__ = (Index("ix_payment_state_expires_at", "state", "expires_at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random; also the idempotency key of the checkout and the reference in its metadata.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey(Contribution.id), unique=True)
    state: Mapped[PaymentState] = mapped_column(words(PaymentState))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Protocol time at which the hosted page closes.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checkout_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    checkout_url: Mapped[str | None] = mapped_column(String(1000))
    payment_intent: Mapped[str | None] = mapped_column(String(120), unique=True)
    charge: Mapped[str | None] = mapped_column(String(120), unique=True)
    #: Minor units that really arrived.
    received: Mapped[int | None] = mapped_column(BigInt)
    received_currency: Mapped[str | None] = mapped_column(String(3))
    #: Minor units that the card paid, where the processor turned them into another currency.
    charged: Mapped[int | None] = mapped_column(BigInt)
    charged_currency: Mapped[str | None] = mapped_column(String(3))
    #: Keyed digest of the card that paid: the same card has the same. None where the method has no such number.
    card: Mapped[str | None] = mapped_column(String(64), index=True)
    available_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    method: Mapped[str | None] = mapped_column(
        String(40), comment="the processor's word for what pays it; none while unknown"
    )
    callable_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        comment="until then its bank may call it back without a reason, business time; none where it may not",
    )
    #: Keyed digest of the network it was asked for from, to limit what one reserves; forgotten with the checkout.
    asked_from: Mapped[str | None] = mapped_column(String(64), index=True)
