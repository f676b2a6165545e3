"""Tables of money going out: payees, shares with their pieces, transfers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.people.models import Identity, Person
from bountyhub.tasks.models import Task


class PayeeState(StrEnum):
    ASKED = "asked"
    UNFINISHED = "unfinished"
    READY = "ready"
    RESTRICTED = "restricted"


class Payee(Base):
    """A person's account at the processor: our intent, then what the processor says of it."""

    __tablename__ = "payee"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random; also the idempotency key and the reference in the processor's metadata.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), unique=True)
    account: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[PayeeState] = mapped_column(words(PayeeState))
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    #: What the processor still asks for, in its words.
    requirements: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Protocol time of the first call: after 24 h the processor forgets our key, then we look before asking.
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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

    @property
    def money(self) -> Money:
        """The whole share."""
        return Money(self.amount, self.currency)


class TransferState(StrEnum):
    """`planned`: not yet looked at; `waiting`: for a reason; `sent`: asked, no answer yet; `reversed`: came back."""

    PLANNED = "planned"
    WAITING = "waiting"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REVERSED = "reversed"


class WaitReason(StrEnum):
    FRESH = "fresh"
    FUNDS = "funds"
    ACCOUNT = "account"
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
