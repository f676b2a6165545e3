"""Tables of tasks. Amounts are never kept here: they are read from the ledger."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.people.models import Identity, Person
from bountyhub.projects.models import Project, Repository


class TaskState(StrEnum):
    WANTED = "wanted"
    OPEN = "open"
    RESERVED = "reserved"
    MERGED = "merged"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


#: What an issue's next round may follow; in every other state its task is the one that lives.
OVER = (TaskState.COMPLETED, TaskState.CANCELLED)
_LIVES = text("state NOT IN ('completed', 'cancelled')")


class EndsReason(StrEnum):
    """Why a task takes no new money and ends at `ends_at` unless a claim is merged before; or why it was cancelled."""

    ISSUE_CLOSED = "issue_closed"
    ISSUE_GONE = "issue_gone"
    CANCELLED = "cancelled"
    APP_GONE = "app_gone"
    ARCHIVED = "archived"
    POLICY_NO = "policy_no"
    UNWANTED = "unwanted"
    #: Somebody asked for it, and a maintainer said no.
    REFUSED = "refused"


#: The project said no: nobody else asks for it again.
BY_DECISION = (EndsReason.CANCELLED, EndsReason.REFUSED)


class Task(Base):
    """One requested improvement, bound to one issue; one lives at a time, a new round is a new task."""

    __tablename__ = "task"
    __table_args__ = (
        Index("uq_task_living", "repository_id", "issue_number", unique=True, sqlite_where=_LIVES,
              postgresql_where=_LIVES),
        Index("ix_task_repository_number", "repository_id", "issue_number"),
        Index("ix_task_state_id", "state", "id"),
        Index("ix_task_ends_at", "ends_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), index=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    issue_forge_id: Mapped[int] = mapped_column(BigInt, index=True)
    issue_number: Mapped[int] = mapped_column(BigInt)
    issue_open: Mapped[bool]
    #: False once the forge answers 404 or 410 for the issue.
    issue_exists: Mapped[bool] = mapped_column(default=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Identity.id))
    title: Mapped[str] = mapped_column(String(500))
    labels: Mapped[list[str]] = mapped_column(Json)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[TaskState] = mapped_column(words(TaskState))
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_reason: Mapped[EndsReason | None] = mapped_column(words(EndsReason))
    #: What the person who cancelled it wrote; public.
    ends_note: Mapped[str] = mapped_column(String(500), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    #: The person who opened it to funding: gets the mails a maintainer gets.
    opened_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    #: Where the status comment was kept before it had a table of its own; written no more.
    comment_id: Mapped[int | None] = mapped_column(BigInt)
    comment_digest: Mapped[str] = mapped_column(String(64), default="")
    #: The task of the same issue that was over when this round began.
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    quiet: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="one of many: no comment before there is money or work"
    )


class TaskRevision(Base):
    """The issue's text as it was at a time."""

    __tablename__ = "task_revision"
    __table_args__ = (UniqueConstraint("task_id", "number"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Interest(Base):
    """One person wants a wanted task."""

    __tablename__ = "task_interest"
    __table_args__ = (UniqueConstraint("task_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
