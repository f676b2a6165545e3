"""An import of many issues: begun, watched while it goes on, stopped, and kept as the record of who imported what."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError, NotFound
from bountyhub.pages.choosing import issues
from bountyhub.pages.contexts.imports import import_page
from bountyhub.pages.keeping import redraws
from bountyhub.pages.maintaining import at_desk, installed, maintaining
from bountyhub.pages.typed import LARGEST, posted, posted_number
from bountyhub.ports import forge
from bountyhub.projects.models import Repository
from bountyhub.tasks.imports.errors import NothingChosen
from bountyhub.tasks.imports.models import Chosen, IssueImport
from bountyhub.tasks.imports.operations import Choice, begin_import, stop_import

blueprint = Blueprint("imports", __name__)


@blueprint.post("/projects/<int:project_id>/imports")
@limits.costly
@limits.asks_forge
@redraws(issues)
def begin(project_id: int) -> Response:
    """A maintainer begins an import; pressed twice it is one."""
    require_person()
    with reading() as session:
        _, repository = installed(session, project_id, posted_number("repository"))
    acting = maintaining(repository.id)
    choice, nonce = _choice(repository), posted("nonce")[:40]
    if not nonce:
        raise DomainError("This form is too old.", advice="Reload the page and press again.")
    with transaction() as session:
        row = begin_import(session, repository, choice, acting.actor, nonce)
    return redirect(f"/projects/{project_id}/imports/{row.id}", 303)


def _choice(repository: Repository) -> Choice:
    """What was chosen: ticked issues, else a label, a milestone, or a label within a milestone."""
    if posted("chosen") == "ticked":
        return Choice(Chosen.TICKED, numbers=_ticked())
    label, number = posted("label")[:300], posted_number("milestone")
    titles = {one.number: one.title for one in forge().milestones(repository.forge_id)} if number else {}
    if number not in titles and (number or not label):
        raise NothingChosen()
    if label:
        return Choice(Chosen.LABEL, name=label, milestone=number)
    return Choice(Chosen.MILESTONE, name=titles[number], milestone=number)


def _ticked() -> tuple[int, ...]:
    typed = request.form.getlist("number", type=int)
    return tuple(sorted({number for number in typed if 0 < number <= LARGEST}))


@blueprint.get("/projects/<int:project_id>/imports/<int:import_id>")
def show(project_id: int, import_id: int) -> str:
    """How far it is; draws itself anew while it goes on."""
    at_desk(project_id)
    with reading() as session:
        page = import_page(session, project_id, import_id)
    return render_template("projects/progress.html", page=page)


@blueprint.post("/projects/<int:project_id>/imports/<int:import_id>/stop")
@limits.asks_forge
def stop(project_id: int, import_id: int) -> Response:
    """Any maintainer stops it; what it made stays."""
    require_person()
    with reading() as session:
        row = session.get(IssueImport, import_id)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such import.")
    acting = maintaining(row.repository_id)
    with transaction() as session:
        stop_import(session, import_id, acting.actor)
    flash("Stopped. What it made stays.", "success")
    return redirect(f"/projects/{project_id}/imports/{import_id}", 303)
