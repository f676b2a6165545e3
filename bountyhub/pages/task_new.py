"""From an issue's address to its task."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import current_person
from bountyhub.kit.errors import DomainError
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import issue_form
from bountyhub.pages.issues import known_task, make_task
from bountyhub.pages.keeping import refill
from bountyhub.pages.typed import asked
from bountyhub.tasks.models import EndsReason, Task, TaskState

blueprint = Blueprint("task_new", __name__)
REFUSED = "The maintainers said no to this issue; only they can make it a task."
ENDING = "This issue is a task whose end is announced: it takes no new money."
SAID = {
    TaskState.WANTED: "This issue is listed as wanted. It takes no money until a maintainer opens it.",
    TaskState.OPEN: "This issue is a task: people can put money on it.",
    TaskState.RESERVED: "This issue is a task, and somebody works on it.",
    TaskState.MERGED: "This issue is a task that was merged: it takes no new money.",
    TaskState.COMPLETED: "This issue’s task is completed. Once the issue is open again, it can become a new one.",
    TaskState.CANCELLED: "This issue’s task was cancelled. A maintainer can make a new one while the issue is open.",
}
Answer = Response | str | tuple[str, int]


@blueprint.get("/tasks/new")
def show() -> str:
    """The form; an address that was typed before signing in is still there."""
    return render_template("tasks/new.html", form=refill(issue_form(asked("issue_url")), "/tasks/new"))


@blueprint.post("/tasks/new")
@limits.costly
@limits.asks_forge
def make() -> Answer:
    """The task there is already, or a new one; refusals keep what was typed."""
    form = issue_form()
    if not form.fill(request.form):
        return render_template("tasks/new.html", form=form), 422
    typed = form["issue_url"].data
    try:
        if current_person() is None:
            return _signed_out(typed)
        task = make_task(typed)
    except DomainError as error:
        return _refused(form, error)
    flash(_said(task), "success")
    return redirect(f"/tasks/{task.id}", 303)


def _signed_out(typed: str) -> Response:
    """A stranger is led to the task, or to sign in and come back to the filled form."""
    task_id = known_task(typed)
    if task_id is not None:
        return redirect(f"/tasks/{task_id}", 303)
    flash("Sign in to list a new issue. What you pasted is kept.", "message")
    back = f"/tasks/new?{urlencode({'issue_url': typed})}"
    return redirect(f"/sign-in?{urlencode({'next': back})}", 303)


def _refused(form: Form, error: DomainError) -> Answer:
    form.refuse("issue_url", f"{error.message} {error.advice}".strip())
    return render_template("tasks/new.html", form=form), error.status


def _said(task: Task) -> str:
    if task.ends_reason is EndsReason.REFUSED:
        return REFUSED
    return ENDING if task.ends_at is not None else SAID[task.state]
