"""Where a contribution can be moved to, and what would change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.errors import CantMove
from bountyhub.funding.models import Contribution
from bountyhub.kit.errors import NotFound
from bountyhub.pages.contexts.parts import TaskRow, task_row
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work import listing
from bountyhub.work.operations import why_not

MOST = 20


@dataclass(frozen=True)
class Destination:
    """The task that was chosen."""

    task: TaskRow


def destination(session: Session, contribution: Contribution, task_id: int) -> Destination:
    """The task with this number, if the money can go there; raises NotFound, CantMove."""
    target = session.get(Task, task_id)
    if target is None:
        raise NotFound("There is no task with that number here.", advice="Its number is in its address: /tasks/12.")
    why = why_not(session, contribution, session.get_one(Task, contribution.task_id), target)
    if why:
        raise CantMove(why)
    return Destination(task_row(listing.load(session, [task_id])[0]))


def destinations(session: Session, contribution: Contribution) -> list[TaskRow]:
    """Open tasks of the same project in the same currency, newest first."""
    source = session.get_one(Task, contribution.task_id)
    query = select(Task.id).where(
        Task.project_id == source.project_id, Task.id != source.id, Task.state == TaskState.OPEN,
        Task.ends_at.is_(None), Task.currency == contribution.currency,
    )  # fmt: skip
    found = list(session.scalars(query.order_by(Task.id.desc()).limit(MOST)))
    return [task_row(one) for one in listing.load(session, found)]
