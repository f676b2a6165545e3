"""Reads about contributions for the public books: whose they are there, and for which task."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Party


@dataclass(frozen=True)
class Behind:
    """What the public may know of a contribution: its task, and its backer's name in it (None: they are forgotten)."""

    task_id: int
    party: str | None


def behind(session: Session, refs: Collection[str]) -> dict[str, Behind]:
    """Task and party of contributions, by their refs; one query."""
    if not refs:
        return {}
    query = (
        select(Contribution.ref, Contribution.task_id, Party.ref)
        .outerjoin(Party, Party.contribution_id == Contribution.id)
        .where(Contribution.ref.in_(list(refs)))
    )
    return {ref: Behind(task_id, party) for ref, task_id, party in session.execute(query)}


def refs_of_task(session: Session, task_id: int) -> list[str]:
    """The contributions of a task that were ever paid, oldest first."""
    query = select(Contribution.ref).where(Contribution.task_id == task_id, Contribution.captured_at.is_not(None))
    return list(session.scalars(query.order_by(Contribution.id)))
