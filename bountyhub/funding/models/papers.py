"""Papers: receipts, credit notes and statements, numbered without gaps and never changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CHAR, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.ledger.models import Entry


class PaperKind(StrEnum):
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"
    #: Takes a statement back: the release was undone, or its payee can't be paid any more.
    CORRECTION = "correction"


class Paper(Base):
    """One issued paper: everything on it as it was then."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        UniqueConstraint("entry_id", "contribution_id", "kind"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, comment="random: its name in addresses")
    kind: Mapped[PaperKind] = mapped_column(words(PaperKind), comment="which paper it is")
    series: Mapped[str] = mapped_column(CHAR(1), comment="R receipts, C credit notes, S statements")
    year: Mapped[int] = mapped_column(comment="of its issue, UTC")
    number: Mapped[int] = mapped_column(BigInt, comment="from 1 in each series and year, without gaps")
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey(Contribution.id), index=True, comment="whose money it is about"
    )
    entry_id: Mapped[int] = mapped_column(ForeignKey(Entry.id), comment="the entry of the books that it tells of")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
    content: Mapped[dict[str, Any]] = mapped_column(Json, comment="every text and amount on it; see funding/papers")
    hash: Mapped[str] = mapped_column(CHAR(64), comment="SHA-256 of the content's canonical JSON, hex")

    @property
    def name(self) -> str:
        """Its number as it is printed: `R-2026-000001`."""
        return f"{self.series}-{self.year}-{self.number:06d}"


class PaperCounter(Base):
    """The last number of a series and year; locked while the next one is taken."""

    __tablename__ = "paper_counter"

    series: Mapped[str] = mapped_column(CHAR(1), primary_key=True, comment="as in paper")
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="as in paper")
    last: Mapped[int] = mapped_column(BigInt, comment="the number that was taken last")


class Built(Base):
    """What a share is paid for: statements tell their reader what their money built. Written with the share."""

    __tablename__ = "built"

    share: Mapped[str] = mapped_column(String(20), primary_key=True, comment="the share's random name")
    pull_number: Mapped[int] = mapped_column(BigInt, comment="of the pull request, in its repository")
    pull_url: Mapped[str] = mapped_column(String(300), comment="its address at the forge")
    merged_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the forge's time of the merge")


class SentOn(Base):
    """To whom a share's payee sent it on: later statements say so. Written once."""

    __tablename__ = "sent_on"

    share: Mapped[str] = mapped_column(String(20), primary_key=True, comment="the share's random name")
    name: Mapped[str] = mapped_column(String(200), comment="a project or a charity, as it was called then")
