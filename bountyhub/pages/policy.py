"""A project's policy file: what holds and what is wrong with it, for its maintainers; and what it may say, for all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from bountyhub.events import outbox
from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.markdown import to_html
from bountyhub.kit.paths import asset
from bountyhub.pages.acting import learn_roles, maintainer_of
from bountyhub.pages.contexts.policy import policy_page
from bountyhub.pages.contexts.projects import maintains
from bountyhub.projects import queries as projects
from bountyhub.work.errors import NotAMaintainer

blueprint = Blueprint("policy", __name__)


@blueprint.get("/policy-file")
def explain() -> str:
    """Every key of the file, with its default and an example."""
    text = (asset("templates") / "projects" / "policy-file.md").read_text(encoding="utf-8")
    return render_template("projects/policy_file.html", text=Markup(to_html(text)))


@blueprint.get("/projects/<int:project_id>/policy")
def show(project_id: int) -> str:
    """What holds, from which commit, and the mistakes of the newest file; for maintainers."""
    person = require_person()
    learn_roles(project_id)
    with reading() as session:
        page = policy_page(session, project_id)
        if not maintains(session, project_id, person.id):
            raise NotAMaintainer()
    return render_template("projects/policy.html", page=page)


@blueprint.post("/projects/<int:project_id>/policy/read")
@limits.asks_forge
def read_again(project_id: int) -> Response:
    """Don't wait for GitHub's word or the next round: read it now."""
    maintainer_of(project_id)
    with transaction() as session:
        for row in projects.repositories_of(session, project_id):
            if row.installation_id is not None:
                outbox.add(session, "forge.read_policy", key=f"policy:{row.forge_id}", repository=row.forge_id)
    flash("The file is read again; that takes a few seconds.", "success")
    return redirect(f"/projects/{project_id}/policy", 303)
