"""Projects: the list, one project, and a repository's open issues for its maintainers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import current_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages.acting import acting_in, learn_roles
from bountyhub.pages.contexts.projects import install_url, issue_rows, project_list, project_page
from bountyhub.pages.forms.fields import branches_form
from bountyhub.pages.keeping import redraws, refill
from bountyhub.pages.typed import asked, asked_number, posted
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import IssueInfo
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.rules import is_maintainer
from bountyhub.work.errors import NotAMaintainer
from bountyhub.work.operations import list_branches

blueprint = Blueprint("projects", __name__)
ISSUES_A_PAGE = 30
LAST_PAGE = 30


@blueprint.get("/projects")
def index() -> str:
    """Every project known here."""
    with reading() as session:
        page = project_list(session, asked_number("after", 0))
    return render_template("projects/list.html", rows=page.rows, next_url=page.next_url, install_url=install_url())


@blueprint.get("/projects/<int:project_id>")
def show(project_id: int) -> str:
    """One project with its tasks; after a refusal with what was typed."""
    person = current_person()
    learn_roles(project_id)
    with reading() as session:
        page = project_page(session, project_id, person.id if person else None, asked("after"))
    form = refill(branches_form(page.project.branches), f"/projects/{project_id}/branches", about="branches")
    return render_template("projects/project.html", **vars(page), branches_form=form)


@blueprint.post("/projects/<int:project_id>/branches")
@limits.asks_forge
@redraws(show)
def branches(project_id: int) -> Response:
    """A decider lists the branches whose merges pay besides the default one."""
    require_person()
    with reading() as session:
        _, repository = _installed(session, project_id, 0)
    acting = acting_in(repository.id)
    with transaction() as session:
        list_branches(session, project_id, acting.actor, acting.permission, posted("branches"))
    flash("Saved. Open pull requests are looked at again.", "success")
    return redirect(f"/projects/{project_id}", 303)


@blueprint.get("/projects/<int:project_id>/issues")
@limits.asks_forge
def issues(project_id: int) -> str:
    """The open issues of one of its repositories, each with a button that makes it a task."""
    require_person()
    page = max(asked_number("page", 1, LAST_PAGE), 1)
    with reading() as session:
        project, repository = _installed(session, project_id, asked_number("repository", 0))
    if not is_maintainer(acting_in(repository.id).permission):
        raise NotAMaintainer()
    found = _open_issues(repository, page)
    with reading() as session:
        rows = issue_rows(session, repository, found)
    more = len(found) == ISSUES_A_PAGE and page < LAST_PAGE
    return render_template(
        "projects/import.html", project={"name": project.name, "url": f"/projects/{project.id}"}, issues=rows,
        repository=repository.full_name, import_url="/tasks/new",
        next_url=f"/projects/{project.id}/issues?repository={repository.id}&page={page + 1}" if more else None,
    )  # fmt: skip


def _open_issues(repository: Repository, page: int) -> list[IssueInfo]:
    try:
        return forge().open_issues(repository.forge_id, page)
    except OutsideGone:
        raise NotFound(
            "GitHub doesn’t show that repository any more.", advice="Was it deleted or made private?"
        ) from None


def _installed(session: Session, project_id: int, repository_id: int) -> tuple[Project, Repository]:
    """The chosen repository of a project, else its first with the App; raises NotFound."""
    project = projects.project(session, project_id)
    living = [r for r in projects.repositories_of(session, project.id) if projects.is_installed(session, r)]
    chosen = [r for r in living if r.id == repository_id] or living
    if not chosen:
        raise NotFound("No repository of this project has the App installed.", advice="Install it first.")
    return project, chosen[0]
