"""Reads of attempts: which stand now, for pages, API, status comment and caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.payouts.models import Payee
from bountyhub.payouts.words import Unpaid, why_unpaid
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.models_attempts import Attempt, AttemptState

#: A claim in one of these states is a pull request that keeps its author's attempt.
KEEPING = (ClaimState.LINKED, ClaimState.LATE)


@dataclass(frozen=True)
class Standing:
    """Somebody who is on it. `pull`: their linked pull request, which keeps it; without one it lapses at `until`.

    `unpaid`: why they can't be paid yet; None for who can.
    """

    task_id: int
    task_title: str
    identity_id: int
    login: str
    at: datetime
    until: datetime
    pull: int | None
    unpaid: Unpaid | None

    @property
    def lapses_at(self) -> datetime | None:
        """When it lapses; None while a linked pull request keeps it."""
        return None if self.pull is not None else self.until


def linked_pull() -> ScalarSelect[int | None]:
    """The number of the pull request that keeps an attempt; to be used beside `Attempt`."""
    theirs = (Claim.task_id == Attempt.task_id) & (Claim.author_id == Attempt.identity_id)
    query = select(func.min(Claim.pull_number)).where(theirs, Claim.state.in_(KEEPING))
    return query.correlate(Attempt).scalar_subquery()


def stands_now() -> ColumnElement[bool]:
    """What a standing attempt on an open task is, also before the clock's sweep comes round; needs `Task` joined."""
    kept = linked_pull().is_not(None)
    alive = or_(Attempt.until > clock.now(), kept)
    return (Attempt.state == AttemptState.STANDING) & (Task.state == TaskState.OPEN) & alive


def standing(session: Session, which: ColumnElement[bool]) -> list[Standing]:
    """The attempts that stand now, oldest first; one query."""
    query = (
        select(Attempt, Task.title, Identity.login, linked_pull(), Payee.state, Payee.disabled_reason)
        .join(Task, Task.id == Attempt.task_id)
        .join(Identity, Identity.id == Attempt.identity_id)
        .outerjoin(Payee, Payee.person_id == Identity.person_id)
        .where(stands_now(), which)
        .order_by(Attempt.id)
    )
    return [
        Standing(row.task_id, title, row.identity_id, login, row.at, row.until, pull, why_unpaid(state, reason or ""))
        for row, title, login, pull, state, reason in session.execute(query)
    ]


def count_standing(session: Session, which: ColumnElement[bool]) -> int:
    """How many stand now."""
    query = select(func.count()).select_from(Attempt).join(Task, Task.id == Attempt.task_id)
    return session.scalar(query.where(stands_now(), which)) or 0
