"""A project's desk: repositories, tasks in numbers, what waits for a decision, and the newest imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bountyhub.pages.contexts import words
from bountyhub.pages.contexts.imports import PastImport, past_imports
from bountyhub.pages.contexts.projects import RepositoryView, install_url, repository_views
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Project, Repository, Role
from bountyhub.projects.rules import WRITE
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState
from bountyhub.work.step_facts import why_it_waits

MOST = 20


@dataclass(frozen=True)
class Waiting:
    """One claim that waits for a decider."""

    title: str
    detail: str
    url: str
    until: datetime | None


@dataclass(frozen=True)
class DeskPage:
    """The page; `counts` are how many tasks there are in each state, by its word."""

    name: str
    url: str
    pause_note: str
    repositories: list[RepositoryView]
    install_url: str
    counts: list[tuple[str, int]]
    waiting: list[Waiting]
    requests: int
    imports: list[PastImport]

    @property
    def installed(self) -> bool:
        """Whether the App is on any of its repositories."""
        return any(repository.installed for repository in self.repositories)


def desk_page(session: Session, project_id: int) -> DeskPage:
    """The page, in a fixed number of queries; raises NotFound."""
    project = projects.project(session, project_id)
    query = select(Task.state, func.count()).where(Task.project_id == project_id).group_by(Task.state)
    found = {row[0]: row[1] for row in session.execute(query)}
    return DeskPage(
        name=project.name, url=f"/projects/{project_id}",
        pause_note=why_it_waits(project.pause) if project.pause is not None else "",
        repositories=repository_views(session, project_id),
        install_url=install_url(),
        counts=[(words.TASK[state], found.get(state, 0)) for state in TaskState
                if state is not TaskState.RESERVED or found.get(state)],
        waiting=_waiting(session, project_id), requests=found.get(TaskState.WANTED, 0),
        imports=past_imports(session, project_id),
    )  # fmt: skip


def _waiting(session: Session, project_id: int) -> list[Waiting]:
    late = _claims(session, project_id, Claim.state == ClaimState.LATE)
    open_ = select(Objection.claim_id).where(Objection.state == ObjectionState.OPEN)
    objected = _claims(session, project_id, Claim.id.in_(open_))
    return [
        *(_item(claim, "Objected to", "Without a decision the facts decide.") for claim in objected),
        *(_item(claim, "Late", "It was merged before its link was shown.") for claim in late),
    ]


def _claims(session: Session, project_id: int, which: ColumnElement[bool]) -> list[Claim]:
    query = select(Claim).join(Task, Task.id == Claim.task_id).where(Task.project_id == project_id, which)
    return list(session.scalars(query.order_by(Claim.until, Claim.id).limit(MOST)))


def _item(claim: Claim, word: str, detail: str) -> Waiting:
    return Waiting(f"{word}: #{claim.pull_number} “{claim.title}”", detail, f"/claims/{claim.id}", claim.until)


@dataclass(frozen=True)
class DeskLink:
    """A desk of somebody's."""

    name: str
    url: str


def desks_of(session: Session, person_id: int) -> list[DeskLink]:
    """The projects that somebody maintains, as the forge last said; one query."""
    theirs = select(Repository.project_id).join(Role, Role.repository_id == Repository.id)
    theirs = theirs.where(Role.person_id == person_id, Role.permission >= WRITE)
    query = select(Project).where(Project.id.in_(theirs)).order_by(Project.name, Project.id).limit(MOST)
    return [DeskLink(project.name, f"/projects/{project.id}/desk") for project in session.scalars(query)]
