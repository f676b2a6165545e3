"""Who is at a project's desk: what the forge last said decides what is shown, what it says now which buttons work.

Used by every page of the desk.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.http.session import CurrentPerson, require_person
from bountyhub.kit.database import reading
from bountyhub.kit.errors import NotFound
from bountyhub.pages.acting import Acting, acting_in, learn_roles
from bountyhub.pages.contexts.projects import maintains
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.rules import is_maintainer
from bountyhub.work.errors import NotAMaintainer


def at_desk(project_id: int) -> CurrentPerson:
    """The reader of a page of the desk, a maintainer as the forge last said; raises SignInNeeded, NotFound."""
    person = require_person()
    learn_roles(project_id)
    with reading() as session:
        projects.project(session, project_id)
        if not maintains(session, project_id, person.id):
            raise NotAMaintainer()
    return person


def maintaining(repository_id: int) -> Acting:
    """The signed-in person as a maintainer of a repository, asked now; raises NotAMaintainer, OutsideError."""
    acting = acting_in(repository_id)
    if not is_maintainer(acting.permission):
        raise NotAMaintainer()
    return acting


def installed(session: Session, project_id: int, repository_id: int) -> tuple[Project, Repository]:
    """The chosen repository of a project, else its first with the App; raises NotFound."""
    project = projects.project(session, project_id)
    living = [r for r in projects.repositories_of(session, project.id) if projects.is_installed(session, r)]
    chosen = [r for r in living if r.id == repository_id] or living
    if not chosen:
        raise NotFound("No repository of this project has the App installed.", advice="Install it first.")
    return project, chosen[0]
