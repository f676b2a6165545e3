"""Stops: an operator's (or the site's own) halt of outgoing money, with a reason and an end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.people.models import Person


class StopScope(StrEnum):
    SITE = "site"
    PROJECT = "project"
    TASK = "task"
    PERSON = "person"
    CARD = "card"

    @property
    def is_public(self) -> bool:
        """Whether everybody may read why: of a person or a card it would be an accusation."""
        return self in (StopScope.SITE, StopScope.PROJECT, StopScope.TASK)


_OPEN = text("ended_at IS NULL")


class Stop(Base):
    """Transfers it concerns wait; books, refunds and releases go on. At most one open stop of the same."""

    __tablename__ = "stop"
    __table_args__ = (
        Index("uq_stop_open", "scope", "target", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    scope: Mapped[StopScope] = mapped_column(words(StopScope), comment="site, project, task, person or card")
    target: Mapped[str] = mapped_column(String(64), comment="an id or a digest; empty for the site")
    reason: Mapped[str] = mapped_column(String(1000), comment="why; public for site, project and task")
    made_by: Mapped[int | None] = mapped_column(
        ForeignKey(Person.id), comment="the operator; null for one that the site made by itself"
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
    until: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time at which it ends by itself")
    extended_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id), comment="the last operator who extended it")
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when it ended, and what waited was tried again"
    )
    ended_by: Mapped[int | None] = mapped_column(
        ForeignKey(Person.id), comment="who ended it early; null when its time was over"
    )
    ended_why: Mapped[str] = mapped_column(String(1000), default="", comment="why it was ended early")
