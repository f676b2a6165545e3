"""Tries to pay, counted over all processes to make stolen cards not worth trying here; forgotten after a day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.tasks.models import Task


class TryKind(StrEnum):
    #: A hosted page was asked for, to pay or to save a card.
    CHECKOUT = "checkout"
    #: A card was declined on such a page.
    DECLINE = "decline"


class Try(Base):
    """One checkout asked for, or one card declined. Who and from where are keyed digests."""

    __tablename__ = "payment_try"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_payment_try_kind_mail_at", "kind", "mail", "at"),
        Index("ix_payment_try_kind_address_at", "kind", "address", "at"),
        Index("ix_payment_try_kind_task_id_at", "kind", "task_id", "at"),
        Index("ix_payment_try_card_at", "card", "at"),
        Index("ix_payment_try_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[TryKind] = mapped_column(words(TryKind), comment="checkout or decline")
    ref: Mapped[str] = mapped_column(
        String(120), comment="of the payment or promise; of a decline, the processor's id: told twice, it counts once"
    )
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), comment="the task it was for")
    mail: Mapped[str] = mapped_column(String(64), comment="keyed digest of the mail address")
    address: Mapped[str | None] = mapped_column(String(64), comment="keyed digest of the network, as in payment")
    card: Mapped[str | None] = mapped_column(String(64), comment="keyed digest of the card declined, as in payment")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="protocol time")
