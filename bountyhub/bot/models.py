"""Tables of catching up with GitHub: how far lists were read, comments obeyed, lost deliveries, pauses it asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words


class HandledComment(Base):
    """A comment whose commands were carried out or refused: by webhook, redelivery or polling, never twice."""

    __tablename__ = "handled_comment"

    comment_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, comment="the forge's")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time; in the transaction of the effects")


class ForgePosition(Base):
    """How far a list of the forge was read; written in the transaction of what the read led to."""

    __tablename__ = "forge_position"

    #: `issues:1296269`, `comments:1296269`, `deliveries`.
    what: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, comment="the forge's time: everything before it was read")
    etag: Mapped[str] = mapped_column(String(200), default="", comment="of the list since then; empty: ask in full")
    seen: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict, comment="what of the list was read, by number, with the change it was read at"
    )
    cursor: Mapped[str] = mapped_column(String(200), default="", comment="where an unfinished walk goes on")
    target: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="how far it will have read at its end")
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="of the last read, protocol time")


class LostState(StrEnum):
    """What became of a delivery that nobody took."""

    WAITING = "waiting"
    CAME = "came"
    #: Too old to be sent again: polling finds what it told.
    GIVEN_UP = "given_up"


class LostDelivery(Base):
    """A delivery that GitHub couldn't hand over, by its GUID, until it came."""

    __tablename__ = "lost_delivery"
    __table_args__ = (Index("ix_lost_delivery_state", "state"),)

    guid: Mapped[str] = mapped_column(String(200), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(BigInt, comment="the attempt that GitHub is asked to repeat")
    event: Mapped[str] = mapped_column(String(100))
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="the first failed attempt, protocol time")
    state: Mapped[LostState] = mapped_column(words(LostState), comment="waiting, came or given up")
    asks: Mapped[int] = mapped_column(default=0, comment="how often GitHub was asked to send it again")
    ask_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="not before then, protocol time")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="protocol time; none while it waits")


class ForgePause(Base):
    """GitHub asked us to wait: no process asks anything in this name before then."""

    __tablename__ = "forge_pause"

    #: `installation:12`, `app` or `anybody`; with `:core` or `:graphql` where only one of its limits ran out.
    whose: Mapped[str] = mapped_column(String(60), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime, comment="protocol time")
