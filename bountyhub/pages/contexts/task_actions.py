"""The buttons of a task's page that need nothing typed but a reason."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.pages.contexts.parts import Action
from bountyhub.pages.contexts.viewer import Viewer
from bountyhub.projects import queries as projects
from bountyhub.tasks.models import EndsReason, Interest, Task, TaskState
from bountyhub.work.listing import Listed

ALIVE = (TaskState.WANTED, TaskState.OPEN, TaskState.RESERVED)


def task_actions(session: Session, listed: Listed, viewer: Viewer) -> list[Action]:
    """What this reader can do with the task now."""
    task, url = listed.task, f"/tasks/{listed.task.id}"
    actions = _wanted(session, listed, viewer, url) if task.state is TaskState.WANTED else []
    if viewer.decides and task.ends_reason is EndsReason.CANCELLED and task.ends_at is not None:
        actions.append(Action(f"{url}/uncancel", "Take the cancelling back"))
    elif viewer.decides and task.state in ALIVE:
        actions.append(Action(f"{url}/cancel", "Cancel this task", danger=True, reason="Why is it cancelled?"))
    return actions


def _wanted(session: Session, listed: Listed, viewer: Viewer, url: str) -> list[Action]:
    actions = []
    if viewer.maintains and projects.is_installed(session, listed.repository):
        actions.append(Action(f"{url}/open", "Open it to funding"))
    if not _wants(session, listed.task, viewer):
        actions.append(Action(f"{url}/want", "I want this"))
    return actions


def _wants(session: Session, task: Task, viewer: Viewer) -> bool:
    if viewer.person_id is None:
        return False
    query = select(Interest.id).where(Interest.task_id == task.id, Interest.person_id == viewer.person_id)
    return session.scalars(query).first() is not None
