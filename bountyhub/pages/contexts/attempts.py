"""Who is on a task, and the button to be it; the same on the page of who is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bountyhub.pages.contexts.parts import Action
from bountyhub.pages.contexts.viewer import Viewer
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work.attempts import Standing, standing
from bountyhub.work.models_attempts import Attempt
from bountyhub.work.rules_attempts import NoAttempt, why_not_attempted


@dataclass(frozen=True)
class AttemptView:
    """Somebody who is on it; `pull` keeps it, else it lapses at `lapses_at`."""

    who: str
    since: datetime
    lapses_at: datetime | None
    pull: int | None
    payable_note: str
    task_url: str
    task_title: str
    action: Action | None


@dataclass(frozen=True)
class Attempts:
    """All of a task; `action`: the reader's button, where one more may be on it; `full`: nobody more may."""

    rows: list[AttemptView]
    action: Action | None
    full: bool


def attempts_on(session: Session, task: Task, reader: Viewer) -> Attempts:
    """Who is on a task; one query, and one more for who may be."""
    rows = standing(session, Attempt.task_id == task.id)
    mine = [row for row in rows if row.identity_id in reader.identity_ids]
    others = 0 if mine or not reader.identity_ids else len(_of(session, reader))
    at_once = session.get_one(Repository, task.repository_id).policy_now.attempts
    refused = why_not_attempted(state=task.state, on_task=len(rows), by_person=others, at_once=at_once)
    may = not mine and refused is None and bool(reader.identity_ids)
    action = Action(f"/tasks/{task.id}/attempt", "I am on it") if may else None
    full = task.state is TaskState.OPEN and not mine and refused is NoAttempt.TASK_FULL
    return Attempts(_views(rows, reader), action, full)


def attempts_of(session: Session, reader: Viewer) -> list[AttemptView]:
    """What the reader is on; one query."""
    return _views(_of(session, reader), reader)


def _of(session: Session, reader: Viewer) -> list[Standing]:
    return standing(session, Attempt.identity_id.in_(reader.identity_ids))


def _views(rows: Sequence[Standing], reader: Viewer) -> list[AttemptView]:
    return [
        AttemptView(
            who=row.login, since=row.at, lapses_at=row.lapses_at, pull=row.pull, payable_note=_note(row),
            task_url=f"/tasks/{row.task_id}", task_title=row.task_title,
            action=Action(f"/tasks/{row.task_id}/unattempt", "I am not on it any more")
            if row.identity_id in reader.identity_ids else None,
        )
        for row in rows
    ]  # fmt: skip


def _note(row: Standing) -> str:
    return "can be paid" if row.unpaid is None else row.unpaid.why
