"""A project's desk: what its maintainers see first."""

from __future__ import annotations

from flask import Blueprint, render_template

from bountyhub.kit.database import reading
from bountyhub.pages.contexts.desk import desk_page
from bountyhub.pages.maintaining import at_desk

blueprint = Blueprint("desk", __name__)


@blueprint.get("/projects/<int:project_id>/desk")
def show(project_id: int) -> str:
    """Its repositories, its tasks in numbers, and what waits for somebody's word."""
    at_desk(project_id)
    with reading() as session:
        page = desk_page(session, project_id)
    return render_template("projects/desk.html", page=page)
