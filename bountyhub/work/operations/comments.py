"""The one status comment of an issue: where it is, who removed it, whether it may be written; and the issue's label.

Called by the forge integration around each write, and by the page where maintainers bring a comment back.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock
from bountyhub.kit.database import find_or_make
from bountyhub.people.operations import FORGE, Actor
from bountyhub.projects import operations as projects
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import OVER, Task
from bountyhub.tasks.operations import lock_task, show
from bountyhub.work.models import LabelState, Removed, StatusComment

LONGEST_CODE = 60


def lock_comment(session: Session, task_id: int) -> StatusComment:
    """The status comment of a task's issue, locked behind the task; made where there was none. Raises NotFound."""
    task = lock_task(session, task_id)
    return _lock(session, task.repository_id, task.issue_number)


def _find(session: Session, task: Task) -> StatusComment | None:
    query = _of_issue(task.repository_id, task.issue_number).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _of_issue(repository_id: int, number: int) -> Select[StatusComment]:
    return select(StatusComment).where(
        StatusComment.repository_id == repository_id, StatusComment.issue_number == number
    )


def _lock(session: Session, repository_id: int, number: int) -> StatusComment:
    query = _of_issue(repository_id, number).with_for_update().execution_options(populate_existing=True)
    return find_or_make(session, lambda: session.scalars(query).first(), lambda: _new(session, repository_id, number))


def _new(session: Session, repository_id: int, number: int) -> StatusComment:
    row = StatusComment(repository_id=repository_id, issue_number=number)
    session.add(row)
    session.flush()
    return row


def try_comment(session: Session, task_id: int) -> bool:
    """A comment is to be posted now; whether one may be there already, from a try whose answer was lost."""
    row = lock_comment(session, task_id)
    before, row.tried_at = row.tried_at, row.tried_at or clock.real_now()
    return before is not None


def record_comment(session: Session, task_id: int, *, comment_id: int | None, digest: str) -> None:
    """The forge confirmed what the status comment says now, and where it is."""
    row = lock_comment(session, task_id)
    row.comment_id, row.digest, row.refused = comment_id, digest, ""
    row.written_at = clock.real_now()
    row.looked_at = row.looked_at or row.written_at


def record_look(session: Session, task_id: int, *, hidden: bool) -> None:
    """The forge says whether somebody minimised the comment."""
    row = lock_comment(session, task_id)
    row.hidden, row.looked_at = hidden, clock.real_now()


def record_refusal(session: Session, task_id: int, code: str) -> None:
    """The forge refused a write: nothing more is tried before the issue or repository is read as writable."""
    lock_comment(session, task_id).refused = code[:LONGEST_CODE] or "refused"


def record_removal(session: Session, task_id: int, by: Removed) -> None:
    """Somebody deleted the comment: it isn't posted again before a maintainer asks for it.

    `NO`: nobody who has a say there did, so the next change posts it anew.
    """
    row = lock_comment(session, task_id)
    if row.removed is by and row.comment_id is None:
        return
    row.removed, row.comment_id, row.digest, row.hidden = by, None, "", False
    audit.record(session, FORGE.name, "status_comment_deleted", "task", task_id, by=by)
    show(session, session.get_one(Task, task_id))


def show_again(session: Session, task_id: int, actor: Actor) -> bool:
    """A maintainer wants the deleted comment (and a label that was taken off) back; whether there was one to bring."""
    row = lock_comment(session, task_id)
    if row.removed is Removed.NO and row.label is not LabelState.TAKEN_OFF:
        return False
    row.removed, row.refused = Removed.NO, ""
    row.label = LabelState.NONE if row.label is LabelState.TAKEN_OFF else row.label
    audit.record(session, actor.name, "status_comment_wanted", "task", task_id)
    show(session, session.get_one(Task, task_id))
    return True


def record_label(session: Session, task_id: int, state: LabelState) -> None:
    """Whose the label of a funded issue is now."""
    lock_comment(session, task_id).label = state


def switch_label(session: Session, project_id: int, actor: Actor, *, on: bool) -> None:
    """The bot labels funded issues of a project from now on, or takes its labels off; asking twice changes nothing."""
    if projects.set_label(session, project_id, actor.name, on=on):
        show_all(session, project_id)


def choose_languages(session: Session, project_id: int, actor: Actor, languages: str) -> None:
    """The bot speaks one of `projects.rules.LANGUAGES` there from now on; asking twice changes nothing."""
    if projects.set_languages(session, project_id, actor.name, languages):
        show_all(session, project_id)


def show_all(session: Session, project_id: int) -> None:
    """Ask for everything that the bot says of a project's living tasks to be brought up to date."""
    tasks = select(Task).where(Task.project_id == project_id, Task.state.not_in(OVER))
    for task in session.scalars(tasks.order_by(Task.id)):
        show(session, task)


def record_lock(session: Session, task: Task, *, locked: bool) -> None:
    """Whether the conversation of a task's issue is locked, as read now; what waited for its end is written then."""
    row = _find(session, task)
    if row is None and not locked:
        return
    row = row or lock_comment(session, task.id)
    before, row.locked = row.locked, locked
    if not locked and (before or row.refused):
        row.refused = ""
        show(session, task)


def repositories_writable(session: Session, forge_ids: Collection[int]) -> None:
    """These repositories were read: what an archive refused is tried again where they aren't archived now."""
    refused = (
        select(Task)
        .join(Repository, Repository.id == Task.repository_id)
        .join(StatusComment, StatusComment.repository_id == Task.repository_id)
        .where(StatusComment.issue_number == Task.issue_number, StatusComment.refused != "")
        .where(Repository.forge_id.in_(forge_ids), Repository.archived.is_(False), StatusComment.locked.is_(False))
    )
    for task in list(session.scalars(refused.order_by(Task.id))):
        lock_comment(session, task.id).refused = ""
        show(session, task)


def follow_moved_issue(session: Session, task: Task, repository: Repository, number: int) -> None:
    """The task's issue is in another repository of its project now, and its comments with it, under other numbers."""
    old = _lock(session, task.repository_id, task.issue_number)
    new = _lock(session, repository.id, number)
    new.tried_at = new.tried_at or old.tried_at
    new.removed = Removed.BY_MAINTAINER if old.removed is Removed.BY_MAINTAINER else Removed.NO
    new.label = old.label
