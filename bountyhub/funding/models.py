"""Tables of money coming in and going back. What of it is held now is read from the ledger by `ref`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.people.models import Person
from bountyhub.tasks.models import Task


class ContributionState(StrEnum):
    PENDING = "pending"
    FAILED = "failed"
    ABANDONED = "abandoned"
    SUSPENDED = "suspended"
    HELD = "held"
    CLOSED = "closed"


class Contribution(Base):
    """Money one backer puts on one task."""

    __tablename__ = "contribution"
    __table_args__ = (
        Index("ix_contribution_state_leave_by", "state", "leave_by"),
        Index("ix_contribution_notice_until", "notice_until"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random name in ledger paths and public pages; tells nothing of the backer.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), index=True)
    #: None while the backer is known by e-mail only.
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    #: Where receipts go, lower case.
    email: Mapped[str] = mapped_column(String(254), index=True)
    anonymous: Mapped[bool]
    #: Minor units of `currency`; never changed after creation.
    amount: Mapped[int] = mapped_column(BigInt)
    fee: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[ContributionState] = mapped_column(words(ContributionState))
    #: One form, one contribution: a double click finds this one again.
    nonce: Mapped[str] = mapped_column(String(40), unique=True)
    #: Version of the terms the backer agreed to before paying.
    terms_version: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    captured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The day its money must have left, wherever it lies.
    leave_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: End of a withdrawal notice; a merge before it wins.
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def money(self) -> Money:
        """The contribution without its fee."""
        return Money(self.amount, self.currency)

    @property
    def fee_money(self) -> Money:
        """The fee on top."""
        return Money(self.fee, self.currency)

    @property
    def total(self) -> Money:
        """What the card pays."""
        return Money(self.amount + self.fee, self.currency)


class PaymentState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CAPTURED = "captured"
    FAILED = "failed"
    EXPIRED = "expired"


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
    available_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Keyed digest of the network it was asked for from, to limit what one reserves; forgotten with the checkout.
    asked_from: Mapped[str | None] = mapped_column(String(64), index=True)


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


class Party(Base):
    """Who a contribution is from, in public: a random word. What one person gave by name to a task has the same.

    Deleted when the backer is forgotten; the books, which know contributions alone, stay as they are.
    """

    __tablename__ = "party"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey(Contribution.id), primary_key=True, autoincrement=False, comment="which contribution is theirs"
    )
    ref: Mapped[str] = mapped_column(String(20), index=True, comment="random: whose money it is, in this task alone")
