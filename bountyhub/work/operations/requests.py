"""What maintainers answer to tasks that somebody else asked for: opened to funding, or refused with a public reason."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.people.operations import Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import is_installed
from bountyhub.projects.rules import is_maintainer
from bountyhub.tasks.errors import TaskRefuses
from bountyhub.tasks.models import EndsReason, Task, TaskState
from bountyhub.tasks.operations import lock_task, open_task
from bountyhub.work.errors import NotAMaintainer, ReasonMissing
from bountyhub.work.operations.ends import end


def endorse_request(session: Session, task_id: int, actor: Actor, permission: Permission) -> Task:
    """A maintainer opens a wanted task to funding; twice is once. The caller has read its issue before.

    Raises NotFound, NotAMaintainer, TaskRefuses.
    """
    task = lock_task(session, task_id)
    if not is_maintainer(permission):
        raise NotAMaintainer()
    if task.state is TaskState.OPEN:
        return task
    if not task.issue_open:
        raise TaskRefuses("Its issue is closed.", advice="Only open issues can be funded: reopen it there first.")
    if not is_installed(session, session.get_one(Repository, task.repository_id)):
        raise TaskRefuses("Install the App on the repository first.", advice="Then open the task again.")
    open_task(session, task, actor)
    return task


def refuse_request(session: Session, task_id: int, actor: Actor, permission: Permission, reason: str) -> Task:
    """A maintainer says no to a wanted task, with a public reason; who asked for it is told. Twice is once.

    Raises NotFound, NotAMaintainer, ReasonMissing, TaskRefuses.
    """
    task = lock_task(session, task_id)
    if not is_maintainer(permission):
        raise NotAMaintainer()
    if task.ends_reason is EndsReason.REFUSED:
        return task
    if not reason.strip():
        raise ReasonMissing()
    if task.state is not TaskState.WANTED:
        raise TaskRefuses(f"This task is {task.state}: only a wanted one can be refused.")
    task.ends_note = reason.strip()[:500]
    end(session, task, EndsReason.REFUSED, actor)
    outbox.add(session, "notify.request_refused", task=task.id)
    return task
