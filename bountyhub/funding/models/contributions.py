"""Contributions: money one backer puts on one task. What of it is held now is read from the ledger by `ref`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.rules import vat_on
from bountyhub.kit.database import Base
from bountyhub.kit.money import Money, unit
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
        Index("uq_contribution_moved_from_id", "moved_from_id", unique=True),
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
    #: Minor units of `currency`; changed only when a payment that was not as agreed is matched to it.
    amount: Mapped[int] = mapped_column(BigInt)
    fee: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    vat: Mapped[int] = mapped_column(BigInt, default=0, server_default="0", comment="tax on the fee, minor units")
    vat_country: Mapped[str] = mapped_column(
        String(2), default="", server_default="", comment="whose tax it is, or who else owes it (reverse charge)"
    )
    vat_rate: Mapped[int] = mapped_column(default=0, server_default="0", comment="in hundredths of a percent")
    business: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="bought as a business: no 14 days to take it back"
    )
    kept_cost: Mapped[int] = mapped_column(
        BigInt,
        default=0,
        server_default="0",
        comment="kept if it is withdrawn late, without the tax on it, minor units; named before paying",
    )
    state: Mapped[ContributionState] = mapped_column(words(ContributionState))
    #: One form, one contribution: a double click finds this one again.
    nonce: Mapped[str] = mapped_column(String(40), unique=True)
    #: Version of the terms the backer agreed to before paying.
    terms_version: Mapped[str] = mapped_column(String(20))
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the backer agreed")
    consent_hash: Mapped[str] = mapped_column(
        String(64), default="", server_default="", comment="SHA-256 of what they agreed to, word by word"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    captured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The day its money must have left, wherever it lies.
    leave_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: End of a withdrawal notice; a merge before it wins.
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The one (its id) whose life this payment prolongs: asked back when this one is captured.
    renews_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    #: The one, of another task, whose money this is: moved, never paid. Its payment is the first one's of the chain.
    moved_from_id: Mapped[int | None] = mapped_column(BigInt)
    policy_id: Mapped[int | None] = mapped_column(
        BigInt, comment="the version of the policy file in force when its money came; none where there was none"
    )
    window_days: Mapped[int] = mapped_column(
        default=7, server_default="7", comment="days of a window, as that version says; never changed afterwards"
    )
    #: For how many days before its end the last reminder was; 0 when its backer wants none.
    reminded: Mapped[int | None]

    @property
    def money(self) -> Money:
        """The contribution without its fee."""
        return Money(self.amount, self.currency)

    @property
    def fee_money(self) -> Money:
        """The fee on top."""
        return Money(self.fee, self.currency)

    @property
    def vat_money(self) -> Money:
        """The tax on the fee."""
        return Money(self.vat or 0, self.currency)  # a row that isn't written yet has none

    @property
    def kept_money(self) -> Money:
        """What was named before paying as kept at a late withdrawal of all of it, with the tax on it."""
        kept = self.kept_cost or 0  # a row that isn't written yet has none
        return Money(kept + vat_on(kept, self.vat_rate or 0, unit=unit(self.currency)), self.currency)

    @property
    def total(self) -> Money:
        """What the card pays."""
        return self.money + self.fee_money + self.vat_money
