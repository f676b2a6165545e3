"""Payees: people's accounts at the processor."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.people.models import Person


class PayeeState(StrEnum):
    ASKED = "asked"
    UNFINISHED = "unfinished"
    READY = "ready"
    RESTRICTED = "restricted"
    #: No money can be sent to its country from here; also before any account was asked for.
    UNPAYABLE = "unpayable"
    #: Its owner took the consent back, or it was deleted: nothing is known of it any more.
    GONE = "gone"


class Payee(Base):
    """A person's (or a charity's) account at the processor: our intent, then what the processor says of it."""

    __tablename__ = "payee"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random; also the idempotency key and the reference in the processor's metadata.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), unique=True)
    charity: Mapped[str | None] = mapped_column(
        String(100), comment="its name on the operator's list; none for somebody who signs in"
    )
    account: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[PayeeState] = mapped_column(words(PayeeState))
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    #: What the processor still asks for, in its words.
    requirements: Mapped[list[str]] = mapped_column(Json)
    disabled_reason: Mapped[str] = mapped_column(
        String(60), default="", comment="why the processor switched it off, in its words; empty while it is on"
    )
    deadline: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="by when the processor wants its requirements met; none where nothing is due"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Protocol time of the first call: after 24 h the processor forgets our key, then we look before asking.
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank_digest: Mapped[str] = mapped_column(
        String(64), default="", comment="tells whether its bank account is another one; keyed, nothing of the account"
    )
    holds_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="business time before which nothing is sent: it is new, or its bank account was changed"
    )
