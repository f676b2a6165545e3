"""Installing the App: the way to GitHub's page, and `/github/installed`, where GitHub sends the person back.

Anybody may call it with any number, so nothing is believed: the installation is read again. Its webhook says the
same; whichever comes first is recorded, so that the person finds their projects at once.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from bountyhub.bot import lookups, reads
from bountyhub.bot.jobs import roles
from bountyhub.events import outbox
from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ports import forge
from bountyhub.projects.models import Repository

blueprint = Blueprint("github_app", __name__)

#: Repositories whose roles are asked for at once; a job asks for the rest.
MOST_ROLES = 20


@blueprint.get("/github/install")
def install() -> Response:
    """Lead on to GitHub's page where a maintainer chooses repositories."""
    return redirect(forge().site.install_url, 303)


@blueprint.get("/github/installed")
@limits.asks_forge
def installed() -> Response:
    """Know the installation at once, ask for the person's roles, go on to the project."""
    person = require_person()
    if request.args.get("setup_action") == "request":
        flash("GitHub asked an owner to agree. The projects appear here once they do.")
        return redirect("/projects", 303)
    installation = request.args.get("installation_id", 0, type=int)
    if not 0 < installation < 2**63 or not reads.read_installation(None, installation):
        raise NotFound("GitHub knows of no such installation.", advice="Install the App again from the projects page.")
    with reading() as session:
        covered = lookups.covered_by(session, installation)
    answers = roles.ask(person.id, sorted(covered)[:MOST_ROLES])
    with transaction() as session:
        roles.note(session, person.id, answers)
        outbox.add(session, "forge.refresh_roles", key=f"roles:{person.id}", person=person.id)
    flash("The App is installed. Choose the issues that may be funded.")
    return redirect(_where_next(installation), 303)


def _where_next(installation: int) -> str:
    """The project when there is one, else the list."""
    with reading() as session:
        covered = lookups.covered_by(session, installation)
        projects = set(session.scalars(select(Repository.project_id).where(Repository.forge_id.in_(covered))))
    return f"/projects/{projects.pop()}" if len(projects) == 1 else "/projects"
