"""How long GitHub asked us to wait: kept for all processes, so that no job goes on knocking where another was told no.

A secondary limit silences everything asked in one name (an installation's, the App's, nobody's), a primary one only the
part of the API that ran out (`core`, `graphql`). Used by `client.py`; nothing here asks GitHub anything.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.bot.models import ForgePause
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction


class Pauses(Protocol):
    """Moments in protocol time, by whose requests they hold back."""

    def until(self, *whose: str) -> datetime | None:
        """The latest end of these pauses that is still to come."""

    def hold(self, whose: str, until: datetime) -> None:
        """Nothing is asked in this name before then; a later end stays."""


class PausesHere:
    """This process's own, for tests and single calls."""

    def __init__(self) -> None:
        self._ends: dict[str, datetime] = {}

    def until(self, *whose: str) -> datetime | None:
        """See `Pauses`."""
        now = clock.real_now()
        return max((end for name in whose if (end := self._ends.get(name)) and end > now), default=None)

    def hold(self, whose: str, until: datetime) -> None:
        """See `Pauses`."""
        self._ends[whose] = max(until, self._ends.get(whose, until))


class SharedPauses:
    """In the database."""

    def until(self, *whose: str) -> datetime | None:
        """See `Pauses`."""
        with reading() as session:
            query = select(func.max(ForgePause.until))
            return session.scalar(query.where(ForgePause.whose.in_(whose), ForgePause.until > clock.real_now()))

    def hold(self, whose: str, until: datetime) -> None:
        """See `Pauses`."""
        with transaction() as session:
            insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
            statement = insert(ForgePause).values(whose=whose, until=until)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=["whose"], set_={"until": until}, where=ForgePause.until < until
                )
            )
            session.execute(delete(ForgePause).where(ForgePause.until < clock.real_now()))


def holding(session: Session) -> list[ForgePause]:
    """The pauses that hold now, by name: what `/metrics` and `doctor` show."""
    query = select(ForgePause).where(ForgePause.until > clock.real_now())
    return list(session.scalars(query.order_by(ForgePause.whose)))
