"""Reversals: transfers of an undone release that we take back. Intent, call, outcome."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.payouts.models.transfers import Transfer


class ReversalState(StrEnum):
    """`planned`: not asked for yet, its transfer may be on the wire; `waiting`: refused, tried again each day."""

    PLANNED = "planned"
    ASKED = "asked"
    WAITING = "waiting"
    DONE = "done"
    #: The money stays with its payee: their account was empty to the end, or the bank decided about it.
    GIVEN_UP = "given_up"


class Reversal(Base):
    """What of one transfer is taken back from its payee, because its release was undone; at most one of a transfer."""

    __tablename__ = "transfer_reversal"
    __table_args__ = (Index("ix_transfer_reversal_state_try_at", "state", "try_at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(20), unique=True, comment="random; the idempotency key and the reference in the processor's metadata"
    )
    transfer_id: Mapped[int] = mapped_column(ForeignKey(Transfer.id), unique=True, comment="what is taken back")
    amount: Mapped[int] = mapped_column(BigInt, comment="what is asked for, minor units")
    state: Mapped[ReversalState] = mapped_column(
        words(ReversalState), comment="planned, asked, waiting, done or given_up"
    )
    why: Mapped[str] = mapped_column(String(60), default="", comment="why it waits or was given up, in one word")
    attempt: Mapped[int] = mapped_column(default=1, comment="counts askings after a refusal; part of the key")
    called_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="protocol time of the first call under this key: after 24 h we look before asking"
    )
    try_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time of the next try")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when the release was undone")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when it was done or given up")

    @property
    def reference(self) -> str:
        """Its name at the processor, a new one after each refusal."""
        return self.ref if self.attempt == 1 else f"{self.ref}-{self.attempt}"
