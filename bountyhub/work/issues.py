"""Reads a task's issue through the forge and records it, before the facts decide about money. Due work calls it."""

from __future__ import annotations

from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import IssueInfo
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.work.operations import issue_gone, record_issue


def read_and_record_issue(task_id: int) -> None:
    """Record whether the issue of a task is open now; raises OutsideError while that can't be learned.

    What a private repository says isn't ours to read, and one that is gone says nothing new.
    """
    with reading() as session:
        task = session.get_one(Task, task_id)
        repository = session.get_one(Repository, task.repository_id)
    if repository.private:
        return
    try:
        issue = _issue(repository.forge_id, task.issue_number)
    except OutsideGone:
        return
    with transaction() as session:
        if issue is not None and issue.repository == repository.forge_id:
            record_issue(session, issue)
        else:
            row = session.get_one(Repository, repository.id)
            issue_gone(session, row, task.issue_number, moved_to=issue)


def _issue(repository: int, number: int) -> IssueInfo | None:
    """None when it is really gone; OutsideGone when its whole repository is."""
    try:
        return forge().read_issue(repository, number)
    except OutsideGone:
        forge().read_repository(repository)
        return None
