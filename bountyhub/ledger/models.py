"""The tables of the books (only `posting` writes the four, under guards), their sums, and when they were checked.

Signs: a line's amount is + for a debit and − for a credit; a balance is the sum of its lines. Everything
above these tables speaks in positive amounts, debit → credit.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CHAR, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime


class Account(Base):
    """One pot of one currency. Created on demand, never deleted; only balance and version change."""

    __tablename__ = "ledger_account"
    __table_args__ = (UniqueConstraint("path", "currency"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, comment="locks are taken in this order")
    path: Mapped[str] = mapped_column(Text, comment="its place in the chart, e.g. escrow/c7k2")
    kind: Mapped[str] = mapped_column(String(32), comment="which kind of the chart")
    currency: Mapped[str] = mapped_column(CHAR(3), comment="ISO 4217")
    contribution: Mapped[str | None] = mapped_column(Text, index=True, comment="whose money")
    owner: Mapped[str | None] = mapped_column(Text, index=True, comment="the share, refund, … it is tied to")
    side: Mapped[str] = mapped_column(String(6), comment="debit or credit: where it normally stands")
    never_negative: Mapped[bool] = mapped_column(comment="it may never stand on the other side")
    balance: Mapped[int] = mapped_column(BigInt, default=0, comment="sum of its lines, minor units")
    version: Mapped[int] = mapped_column(BigInt, default=0, comment="number of its lines")


class Entry(Base):
    """One event, booked once. Never changed."""

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("kind", "outside_id"),)

    id: Mapped[int] = mapped_column(
        BigInt,
        ForeignKey("ledger_seal.entry_id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=True,
        comment="its seal must exist when the transaction commits",
    )
    kind: Mapped[str] = mapped_column(String(32), comment="the event, in the past tense")
    currency: Mapped[str] = mapped_column(CHAR(3), comment="of all its lines")
    key: Mapped[str] = mapped_column(Text, unique=True, comment="idempotency key")
    digest: Mapped[str] = mapped_column(CHAR(64), comment="SHA-256 of what was asked under this key")
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="the processor's or the forge's time")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="our time")
    actor: Mapped[str] = mapped_column(Text, comment="who or what caused it")
    refs: Mapped[dict[str, str]] = mapped_column(Json, comment="what it is about, by references")
    outside_id: Mapped[str | None] = mapped_column(Text, comment="the processor's balance transaction")
    reverses: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("ledger_entry.id"), unique=True, comment="the entry it takes back"
    )


class Line(Base):
    """One account's part of an entry. Never changed."""

    __tablename__ = "ledger_line"
    __table_args__ = (UniqueConstraint("entry_id", "account_id"), UniqueConstraint("account_id", "version"))

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_entry.id"))
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_account.id"))
    amount: Mapped[int] = mapped_column(BigInt, comment="+ debit, − credit, minor units, never 0")
    balance_after: Mapped[int] = mapped_column(BigInt, comment="the account's balance with this line")
    version: Mapped[int] = mapped_column(BigInt, comment="the account's version with this line: no gaps")


class Seal(Base):
    """Closes an entry: the database checks its lines when the seal is written and takes no line after it."""

    __tablename__ = "ledger_seal"

    entry_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    lines: Mapped[int] = mapped_column(BigInt, comment="how many lines the entry has")


class CarriedSum(Base):
    """What every entry up to `upto` moved, by kinds: spares readers the old lines. Carried on by `sums`."""

    __tablename__ = "ledger_sum"
    __table_args__ = (UniqueConstraint("currency", "account_kind", "entry_kind"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    currency: Mapped[str] = mapped_column(CHAR(3), comment="ISO 4217")
    account_kind: Mapped[str] = mapped_column(String(32), comment="which kind of the chart")
    entry_kind: Mapped[str] = mapped_column(String(32), comment="which kind of event")
    amount: Mapped[int] = mapped_column(BigInt, comment="sum of those lines, + debit, − credit, minor units")
    upto: Mapped[int] = mapped_column(BigInt, comment="the last entry in it; the same in every row")


class SelfCheck(Base):
    """How the instance's own check of its books went last; one row for each of them. Protocol time."""

    __tablename__ = "self_check"

    name: Mapped[str] = mapped_column(
        String(10), primary_key=True, comment="hourly (sums, clocks) or daily (all rules)"
    )
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when the newest one began")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the last whole one ended")
    entries: Mapped[int] = mapped_column(BigInt, comment="how many there were")
    problems: Mapped[int] = mapped_column(BigInt, comment="how many alarms it left open")
