"""The table of attempts: who said "I am on it", for which task, until when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task


class AttemptState(StrEnum):
    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    #: Fourteen days passed without a linked pull request.
    LAPSED = "lapsed"
    #: Its task is not open any more.
    OVER = "over"


_STANDS = text("state = 'standing'")


class Attempt(Base):
    """Somebody says that they work on a task; it excludes nobody, and promises nobody anything."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index(
            "uq_attempt_standing", "task_id", "identity_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        Index("ix_attempt_state_until", "state", "until"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), comment="what they work on")
    identity_id: Mapped[int] = mapped_column(ForeignKey(Identity.id), index=True, comment="who")
    state: Mapped[AttemptState] = mapped_column(
        words(AttemptState), comment="standing, withdrawn, lapsed or over; one standing for each task and person"
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
    until: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="when it lapses without a linked pull request; moved on when one goes; business time"
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when it ended, business time")
