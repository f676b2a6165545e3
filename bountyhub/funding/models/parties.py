"""Who a contribution is from, in public."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base


class Party(Base):
    """Who a contribution is from, in public: a random word. What one person gave by name to a task has the same.

    Deleted when the backer is forgotten; the books, which know contributions alone, stay as they are.
    """

    __tablename__ = "party"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey(Contribution.id), primary_key=True, autoincrement=False, comment="which contribution is theirs"
    )
    ref: Mapped[str] = mapped_column(String(20), index=True, comment="random: whose money it is, in this task alone")
