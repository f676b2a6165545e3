"""Disputes: what a card's bank says against a payment. What of it is frozen now is read from the ledger by `ref`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime, words


class DisputeKind(StrEnum):
    DISPUTE = "dispute"
    #: An early fraud warning: no dispute (yet), no money taken.
    FRAUD_WARNING = "fraud_warning"


class DisputeState(StrEnum):
    #: An inquiry, or a fraud warning: nothing is taken.
    WARNING = "warning"
    OPEN = "open"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    #: The processor says a word that nobody knows here: frozen, the operator is told.
    UNKNOWN = "unknown"


class Dispute(Base):
    """A charge-back, an inquiry or a fraud warning about one contribution; a second one is another row."""

    __tablename__ = "dispute"
    __table_args__ = (Index("ix_dispute_ended_at_due_by", "ended_at", "due_by"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random; its name in ledger paths, and the idempotency key of its answer.
    ref: Mapped[str] = mapped_column(String(20), unique=True, comment="random; its name in ledger paths")
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey(Contribution.id), index=True, comment="whose payment it is about"
    )
    kind: Mapped[DisputeKind] = mapped_column(words(DisputeKind), comment="dispute or fraud_warning")
    processor_id: Mapped[str] = mapped_column(String(120), unique=True, comment="the processor's id")
    state: Mapped[DisputeState] = mapped_column(words(DisputeState), comment="how it stands, in our words")
    #: The processor's own word of how it stands, and of why (for a fraud warning: of what kind).
    status: Mapped[str] = mapped_column(String(60), comment="how it stands, in the processor's word")
    reason: Mapped[str] = mapped_column(String(60), default="", comment="the bank's reason, in the processor's word")
    #: What is disputed, minor units.
    amount: Mapped[int] = mapped_column(BigInt, comment="what is disputed, minor units")
    currency: Mapped[str] = mapped_column(String(3), comment="ISO 4217")
    #: When the bank raised it, and the last day of an answer.
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when the bank raised it")
    due_by: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the last day of an answer")
    #: The processor's book entries of the money taken and brought back; booked here once these are set.
    withdrawn: Mapped[str | None] = mapped_column(String(120), unique=True, comment="book entry of the money taken")
    reinstated: Mapped[str | None] = mapped_column(
        String(120), unique=True, comment="book entry of the money brought back"
    )
    #: Whether its money is frozen although nothing was taken (yet).
    warned: Mapped[bool] = mapped_column(default=False, comment="whether its money is frozen and nothing was taken")
    #: Why nothing of it is to be done any more; empty while something is.
    ending: Mapped[str] = mapped_column(String(30), default="", comment="why nothing is to be done any more")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="since when nothing is to be done any more")
    #: The evidence pack as it was (asked to be) submitted, and when: once.
    evidence: Mapped[str] = mapped_column(Text, default="", comment="the pack as submitted")
    submit_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the operator had it submitted")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the processor had it")
    #: Protocol time of the first call: after 24 h the processor forgets our key, then we look before asking.
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="protocol time of the first call")
    #: Counts askings after a refusal; part of the idempotency key.
    attempt: Mapped[int] = mapped_column(default=1, comment="counts askings after a refusal")
    #: The operator's reason to keep a warned contribution.
    note: Mapped[str] = mapped_column(String(1000), default="", comment="why a warned contribution was kept")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it was heard of here")

    @property
    def money(self) -> Money:
        """What is disputed."""
        return Money(self.amount, self.currency)

    @property
    def evidence_key(self) -> str:
        """The idempotency key of its answer."""
        return f"evidence-{self.ref}" if self.attempt == 1 else f"evidence-{self.ref}-{self.attempt}"

    @property
    def is_inquiry(self) -> bool:
        """Whether the bank only asks: nothing is taken and nothing frozen."""
        return self.kind is DisputeKind.DISPUTE and self.state is DisputeState.WARNING
