"""Tables for what came in (inbox), what is to be done (outbox), what was done by whom (audit), alarms, moved time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime


class InboxEvent(Base):
    """One webhook as it was received and verified; unique by source and delivery, so a repetition adds nothing."""

    __tablename__ = "inbox_event"
    __table_args__ = (UniqueConstraint("source", "delivery_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: `stripe` or `github`.
    source: Mapped[str] = mapped_column(String(20))
    delivery_id: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(100))
    #: The raw body, so that a handler mended later can be run again: as it came, but for what the integration keeps
    #: nothing of (the owners of payout accounts).
    body: Mapped[str] = mapped_column(Text)
    #: Protocol time.
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Stamped in the transaction of its effects; None while there is work to do.
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxJob(Base):
    """One thing to do after a commit. The row is the queue: retries, schedule and leases live here."""

    __tablename__ = "outbox_job"
    __table_args__ = (
        Index("ix_outbox_job_due", "run_at", sqlite_where=text("finished_at IS NULL"),
              postgresql_where=text("finished_at IS NULL")),
        Index("ix_outbox_job_key", "key"),
        Index("uq_outbox_job_recurring", "key", unique=True, sqlite_where=text("every IS NOT NULL"),
              postgresql_where=text("every IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    #: Ids only: what to do is read again when the job runs. An address that isn't stored yet is forgotten with its end.
    args: Mapped[dict[str, Any]] = mapped_column(Json)
    queue: Mapped[str] = mapped_column(String(20))
    #: Lower runs first.
    priority: Mapped[int]
    #: A waiting job of the same key stands for this one too.
    key: Mapped[str | None] = mapped_column(String(200))
    #: Protocol time of the next attempt.
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Seconds after which a recurring job runs again; None for one that runs once.
    every: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEvent(Base):
    """Who did what to which object, and what changed; written in the transaction of the change."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_object", "object_kind", "object_id"),
        Index("ix_audit_event_action_at", "action", "at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Business time.
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: `person:12`, `identity:7`, `operator`, `stripe`, `github` or `clock`.
    actor: Mapped[str] = mapped_column(String(100))
    #: A past-tense name, e.g. `task_cancelled`.
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[int] = mapped_column(BigInt)
    #: Facts of the change, old and new values; never personal data that can't be deleted with its object.
    detail: Mapped[dict[str, Any]] = mapped_column(Json)


class MovedTime(Base):
    """One row: how far this sandboxed instance's business time is ahead, in seconds."""

    __tablename__ = "moved_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(BigInt)


class Alarm(Base):
    """Something that must not be, and is or was: raised and ended by the self-checks, shown to operators."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True, comment="what it is about: one row however often it comes")
    kind: Mapped[str] = mapped_column(String(30), comment="which rule it breaks; docs/operating.md says what to do")
    object: Mapped[str] = mapped_column(Text, comment="the account, currency or check it names")
    text: Mapped[str] = mapped_column(Text, comment="what is wrong, with the figures of the last look")
    first_seen: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it was raised, business time")
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime, comment="when a check last found it, business time")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when it no longer held; none while open")
