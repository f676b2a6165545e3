"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from bountyhub.kit.database import reading
from bountyhub.pages.contexts.home import home
from bountyhub.pages.forms.fields import issue_form
from bountyhub.pages.keeping import refill

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    """What this is, in ten seconds."""
    with reading() as session:
        page = home(session)
    form = refill(issue_form(), "/tasks/new")
    return render_template("pages/home.html", counters=page.counters, ready=page.ready, paid=page.paid, form=form)
