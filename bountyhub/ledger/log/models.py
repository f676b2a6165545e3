"""The log's tables. Only `sealing` writes them; leaves, nodes and checkpoints are never changed, salts only deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CHAR, ForeignKey, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime


class Leaf(Base):
    """One entry's place in the log."""

    __tablename__ = "ledger_leaf"

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, comment="from 0, without gaps")
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256(0 ‖ the entry's public body)")
    details: Mapped[str] = mapped_column(CHAR(64), comment="the commitment to the entry's private part")


class Node(Base):
    """The hash over 16^level leaves, all of them there; what lies between two levels is computed."""

    __tablename__ = "ledger_node"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, comment="from 1")
    number: Mapped[int] = mapped_column(
        BigInt, primary_key=True, autoincrement=False, comment="it begins at leaf number × 16^level"
    )
    hash: Mapped[bytes] = mapped_column(LargeBinary, comment="of the tree of RFC 6962")


class CheckpointRow(Base):
    """The log as it was told to the world."""

    __tablename__ = "ledger_checkpoint"

    size: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, comment="how many leaves")
    root: Mapped[bytes] = mapped_column(LargeBinary, comment="the hash over all of them")
    note: Mapped[str] = mapped_column(Text, comment="the signed text")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it was signed, our time")


class Salt(Base):
    """What links an entry's private part to its leaf; deleted when somebody is forgotten."""

    __tablename__ = "ledger_salt"

    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary, comment="32 random bytes")
