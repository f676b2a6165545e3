"""Tasks that somebody else asked for: maintainers endorse them or say no, with a public reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages.contexts.requests import requests_page
from bountyhub.pages.forms.fields import reason_form
from bountyhub.pages.issues import follow_issue_of
from bountyhub.pages.keeping import redraws, refill
from bountyhub.pages.maintaining import at_desk, maintaining
from bountyhub.pages.typed import asked_number, posted
from bountyhub.tasks.models import Task
from bountyhub.work.operations import endorse_request, refuse_request

blueprint = Blueprint("requests", __name__)
REFUSE = "Why not? Everybody can read it."


@blueprint.get("/projects/<int:project_id>/requests")
def show(project_id: int, task_id: int = 0) -> str:
    """What is wanted, most wanted first; after a refusal with what was typed."""
    at_desk(project_id)
    with reading() as session:
        page = requests_page(session, project_id, asked_number("page", 1, 1000) or 1)
    forms = {
        row.id: refill(reason_form(REFUSE, "reason"), f"{page.url}/requests/{row.id}/refuse", "reason")
        for row in page.rows
    }
    return render_template("projects/requests.html", page=page, forms=forms)


@blueprint.post("/projects/<int:project_id>/requests/<int:task_id>/endorse")
@limits.asks_forge
@redraws(show)
def endorse(project_id: int, task_id: int) -> Response:
    """It becomes a task that takes money."""
    acting = maintaining(_repository_id(project_id, task_id))
    follow_issue_of(task_id)
    with transaction() as session:
        task = endorse_request(session, task_id, acting.actor, acting.permission)
    flash(f"“{task.title}” takes money now.", "success")
    return redirect(f"/projects/{project_id}/requests", 303)


@blueprint.post("/projects/<int:project_id>/requests/<int:task_id>/refuse")
@limits.asks_forge
@redraws(show)
def refuse(project_id: int, task_id: int) -> Response:
    """It is cancelled with a public reason, and can't be asked for again."""
    acting = maintaining(_repository_id(project_id, task_id))
    with transaction() as session:
        task = refuse_request(session, task_id, acting.actor, acting.permission, posted("reason"))
    flash(f"“{task.title}” was refused. Who asked for it is told why.", "success")
    return redirect(f"/projects/{project_id}/requests", 303)


def _repository_id(project_id: int, task_id: int) -> int:
    require_person()
    with reading() as session:
        task = session.get(Task, task_id)
    if task is None or task.project_id != project_id:
        raise NotFound("There is no such request.")
    return task.repository_id
