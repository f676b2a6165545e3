"""What a backer wants on their papers, and the texts that backers agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.types import UtcDateTime


class Buyer(Base):
    """Name and address for a contribution's papers, only where somebody asked for them; deleted when forgotten."""

    __tablename__ = "buyer"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey(Contribution.id), primary_key=True, autoincrement=False, comment="whose papers"
    )
    name: Mapped[str] = mapped_column(String(200), comment="of the company or person, as it shall be printed")
    address: Mapped[str] = mapped_column(String(500), comment="as typed, with its lines")
    vat_id: Mapped[str] = mapped_column(String(20), comment="well-formed, without spaces; empty for none")
    reference: Mapped[str] = mapped_column(String(100), comment="the buyer's own, e.g. an order number")


class AgreedText(Base):
    """A text that somebody agreed to before paying, kept word by word; never changed."""

    __tablename__ = "agreed_text"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the text, hex")
    version: Mapped[str] = mapped_column(String(20), comment="of the terms in it")
    text: Mapped[str] = mapped_column(Text, comment="the consent as shown beside its box, then the terms")
    first_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when somebody first agreed to it")
