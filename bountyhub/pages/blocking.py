"""Who is blocked from a project: maintainers block somebody by their name on GitHub, and take that back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.pages.acting import MOST_ASKED, learn_roles, maintainer_and_repository, maintainer_of
from bountyhub.pages.contexts.blocking import people_page
from bountyhub.pages.contexts.projects import maintains
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import block_form
from bountyhub.pages.keeping import redraws, refill
from bountyhub.pages.logins import NobodyNamed, find_by_login
from bountyhub.pages.typed import asked_number
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects import queries as projects
from bountyhub.projects.errors import BlockRefused, BlockWrong
from bountyhub.projects.policies import permission_with
from bountyhub.work.errors import NotAMaintainer
from bountyhub.work.operations import block_person, unblock_person

blueprint = Blueprint("blocking", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/projects/<int:project_id>/people")
def show(project_id: int) -> str:
    """The list, for maintainers; after a refusal with what was typed."""
    require_person()
    learn_roles(project_id)
    return _render(project_id, refill(block_form(), f"/projects/{project_id}/people"))


@blueprint.post("/projects/<int:project_id>/people")
@limits.asks_forge
@redraws(show)
def block(project_id: int) -> Answer:
    """A maintainer blocks somebody, whom the forge knows by that name now."""
    acting, repository = maintainer_and_repository(project_id)
    form = block_form()
    if not form.fill(request.form):
        return _render(project_id, form), 422
    try:
        who = find_by_login(repository.forge_id, form["login"].data)
        theirs = _permission(project_id, who)
        with transaction() as session:
            block_person(session, project_id, acting.actor, acting.permission, who, theirs, form["reason"].data)
    except (BlockRefused, BlockWrong, NobodyNamed) as error:
        form.refuse(error.field if isinstance(error, BlockWrong) else "login", _words(error))
        return _render(project_id, form), error.status
    flash(f"@{who.login} is blocked.", "success")
    return redirect(f"/projects/{project_id}/people", 303)


@blueprint.post("/projects/<int:project_id>/people/<int:block_id>/unblock")
@limits.asks_forge
def unblock(project_id: int, block_id: int) -> Response:
    """A maintainer takes a block back."""
    acting = maintainer_of(project_id)
    with transaction() as session:
        unblock_person(session, project_id, block_id, acting.actor, acting.permission)
    flash("Unblocked. Their open pull requests are looked for again.", "success")
    return redirect(f"/projects/{project_id}/people", 303)


def _permission(project_id: int, who: ForgePerson) -> Permission:
    """The most they may do in the project's repositories now; bots are nobody's maintainers."""
    if who.is_bot:
        return Permission.NONE
    with reading() as session:
        repositories = projects.repositories_of(session, project_id)[:MOST_ASKED]
    said = [(one.id, _permission_in(one.forge_id, who)) for one in repositories]
    with reading() as session:  # whom a policy file names decides too
        found = [permission_with(session, id, who.id, permission) for id, permission in said]
    return max(found, default=Permission.NONE)


def _permission_in(repository: int, who: ForgePerson) -> Permission:
    try:
        return forge().permission(repository, who)
    except OutsideGone:
        return Permission.NONE


def _words(error: DomainError) -> str:
    return f"{error.message} {error.advice}".strip()


def _render(project_id: int, form: Form) -> str:
    person = require_person()
    with reading() as session:
        page = people_page(session, project_id, asked_number("after", 0))
        if not maintains(session, project_id, person.id):
            raise NotAMaintainer()
    return render_template("projects/people.html", page=page, form=form)
