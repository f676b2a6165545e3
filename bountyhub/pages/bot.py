"""What the bot did in a project's repositories, its switches, and the button that brings a deleted comment back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages.acting import acting_in, learn_roles, maintainer_of
from bountyhub.pages.contexts.bot import bot_page
from bountyhub.pages.contexts.projects import maintains
from bountyhub.pages.typed import asked_number, posted
from bountyhub.projects.rules import LANGUAGES, is_maintainer
from bountyhub.tasks.models import Task
from bountyhub.work.errors import NotAMaintainer
from bountyhub.work.operations import choose_languages, show_again, switch_label

blueprint = Blueprint("bot", __name__)
SHOWN = "The bot writes its comment again; that takes a few seconds."


@blueprint.get("/projects/<int:project_id>/bot")
def show(project_id: int) -> str:
    """The newest actions, for maintainers."""
    person = require_person()
    learn_roles(project_id)
    with reading() as session:
        page = bot_page(session, project_id, asked_number("issue", 0), asked_number("after", 0))
        if not maintains(session, project_id, person.id):
            raise NotAMaintainer()
    return render_template("projects/bot.html", page=page)


@blueprint.post("/projects/<int:project_id>/bot")
@limits.asks_forge
def switch(project_id: int) -> Response:
    """Keep the switches as they were sent; languages that aren't on the list stay as they are."""
    acting, languages = maintainer_of(project_id), posted("languages")
    with transaction() as session:
        if languages in LANGUAGES:
            choose_languages(session, project_id, acting.actor, languages)
        switch_label(session, project_id, acting.actor, on=posted("label_funded") == "1")
    flash("Saved.", "success")
    return redirect(f"/projects/{project_id}/bot", 303)


@blueprint.post("/tasks/<int:task_id>/show-comment")
@limits.asks_forge
def show_comment(task_id: int) -> Response:
    """A maintainer wants the bot's comment back on an issue where somebody deleted it."""
    require_person()
    with reading() as session:
        task = session.get(Task, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    acting = acting_in(task.repository_id)
    if not is_maintainer(acting.permission):
        raise NotAMaintainer()
    with transaction() as session:
        show_again(session, task_id, acting.actor)
    flash(SHOWN, "success")
    return redirect(f"/projects/{task.project_id}", 303)
