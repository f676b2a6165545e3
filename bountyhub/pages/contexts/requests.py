"""Wanted tasks of a project, for its maintainers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.people import queries as people
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Installation, Repository
from bountyhub.tasks.models import Interest, Task, TaskState

PAGE = 20


@dataclass(frozen=True)
class Request:
    """One wanted task: who asked, how many want it, and whether it can be opened (the App is there)."""

    id: int
    title: str
    url: str
    place: str
    issue_url: str
    by: str
    at: datetime
    interested: int
    can_open: bool


@dataclass(frozen=True)
class RequestsPage:
    """The most wanted first."""

    name: str
    url: str
    rows: list[Request]
    next_url: str | None


def requests_page(session: Session, project_id: int, page: int) -> RequestsPage:
    """The page, in three queries; raises NotFound."""
    project, url = projects.project(session, project_id), f"/projects/{project_id}"
    interested = select(func.count()).where(Interest.task_id == Task.id).scalar_subquery()
    live = Installation.removed_at.is_(None) & Installation.suspended_at.is_(None)
    query = (
        select(Task, Repository, interested, Installation.id)
        .join(Repository, Repository.id == Task.repository_id)
        .outerjoin(Installation, (Installation.id == Repository.installation_id) & live)
        .where(Task.project_id == project_id, Task.state == TaskState.WANTED)
        .order_by(interested.desc(), Task.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    found = session.execute(query).all()
    names = people.names(session, {row[0].created_by for row in found if row[0].created_by})
    rows = [
        Request(
            id=task.id, title=task.title, url=f"/tasks/{task.id}",
            place=f"{repository.full_name} #{task.issue_number}",
            issue_url=f"{repository.url}/issues/{task.issue_number}",
            by=names.get(task.created_by or 0, "somebody who left"), at=task.created_at, interested=count,
            can_open=installation is not None and not repository.private,
        )
        for task, repository, count, installation in found[:PAGE]
    ]  # fmt: skip
    return RequestsPage(project.name, url, rows, f"{url}/requests?page={page + 1}" if len(found) > PAGE else None)
