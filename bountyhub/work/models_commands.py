"""The table of comments that commanded something: each is obeyed once, and counted against the limits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime
from bountyhub.people.models import Identity
from bountyhub.projects.models import Repository


class CommandComment(Base):
    """A comment with commands that was answered."""

    __tablename__ = "command_comment"
    __table_args__ = (
        Index("ix_command_comment_identity", "identity_id", "at"),
        Index("ix_command_comment_issue", "repository_id", "number", "at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    comment_id: Mapped[int] = mapped_column(BigInt, unique=True, comment="the forge's: answered once")
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    number: Mapped[int] = mapped_column(BigInt, comment="of the issue or pull request")
    identity_id: Mapped[int] = mapped_column(ForeignKey(Identity.id), comment="who wrote it")
    commands: Mapped[int] = mapped_column(comment="how many were carried out or refused; 0 where they were too many")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="protocol time")
