"""Projects: the list, one project, and the branches whose merges pay there."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import current_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.acting import acting_in, learn_roles
from bountyhub.pages.contexts.projects import install_url, project_list, project_page
from bountyhub.pages.forms.fields import branches_form
from bountyhub.pages.keeping import redraws, refill
from bountyhub.pages.maintaining import installed
from bountyhub.pages.typed import asked, asked_number, posted
from bountyhub.work.operations import list_branches

blueprint = Blueprint("projects", __name__)


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
        _, repository = installed(session, project_id, 0)
    acting = acting_in(repository.id)
    with transaction() as session:
        list_branches(session, project_id, acting.actor, acting.permission, posted("branches"))
    flash("Saved. Open pull requests are looked at again.", "success")
    return redirect(f"/projects/{project_id}", 303)
