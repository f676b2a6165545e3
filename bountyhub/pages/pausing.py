"""A project's pause: deciders begin and end it, every maintainer sees how it stands."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.acting import Acting, learn_roles, maintainer_of
from bountyhub.pages.contexts.projects import highest_permission
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import pause_form
from bountyhub.pages.keeping import redraws, refill
from bountyhub.projects import queries as projects
from bountyhub.projects.errors import PauseWrong
from bountyhub.projects.rules import is_decider, is_maintainer
from bountyhub.work.errors import NotADecider, NotAMaintainer
from bountyhub.work.operations import pause_project, resume_project
from bountyhub.work.step_facts import why_it_waits

blueprint = Blueprint("pausing", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/projects/<int:project_id>/pause")
def show(project_id: int) -> str:
    """How it stands, for maintainers; after a refusal with what was typed."""
    require_person()
    learn_roles(project_id)
    with reading() as session:
        project = projects.project(session, project_id)
    until = project.paused_until.date().isoformat() if project.pause and project.paused_until else ""
    form = pause_form(project.pause_reason if project.pause else "", until)
    return _render(project_id, refill(form, f"/projects/{project_id}/pause"))


@blueprint.post("/projects/<int:project_id>/pause")
@limits.asks_forge
@redraws(show)
def pause(project_id: int) -> Answer:
    """A decider pauses it, or says another reason or end."""
    acting, form = _decider_of(project_id), pause_form()
    if not form.fill(request.form):
        return _render(project_id, form), 422
    try:
        with transaction() as session:
            pause_project(session, project_id, acting.actor, acting.permission, form["reason"].data, form["until"].data)
    except PauseWrong as error:
        form.refuse(error.field, error.message)
        return _render(project_id, form), error.status
    flash("Paused. Its tasks say so in a few seconds.", "success")
    return redirect(f"/projects/{project_id}/pause", 303)


@blueprint.post("/projects/<int:project_id>/resume")
@limits.asks_forge
def resume(project_id: int) -> Response:
    """A decider lets it go on."""
    acting = _decider_of(project_id)
    with transaction() as session:
        resume_project(session, project_id, acting.actor, acting.permission)
    flash("It goes on: new money and new tasks are taken again.", "success")
    return redirect(f"/projects/{project_id}/pause", 303)


def _decider_of(project_id: int) -> Acting:
    """Raises NotFound, SignInNeeded, NotADecider."""
    try:
        acting = maintainer_of(project_id)
    except NotAMaintainer:
        raise NotADecider() from None
    if not is_decider(acting.permission):
        raise NotADecider()
    return acting


def _render(project_id: int, form: Form) -> str:
    person = require_person()
    with reading() as session:
        project = projects.project(session, project_id)
        permission = highest_permission(session, project_id, person.id)
        if not is_maintainer(permission):
            raise NotAMaintainer()
        note = why_it_waits(project.pause) if project.pause else ""
    return render_template(
        "projects/pause.html", name=project.name, url=f"/projects/{project_id}", note=note, form=form,
        decides=is_decider(permission), since=project.paused_at if project.pause else None,
    )  # fmt: skip
