"""My page, and signing out everywhere."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http.session import require_person, sign_out
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.contexts.me import my_page
from bountyhub.people.models import Person
from bountyhub.people.operations import close_all_sessions

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
def show() -> str:
    """What needs me, what I earned, claimed and fund."""
    person = require_person()
    with reading() as session:
        page = my_page(session, person.id)
    return render_template("people/me.html", **vars(page))


@blueprint.post("/me/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """End every session of this person."""
    person = require_person()
    with transaction() as session:
        close_all_sessions(session, session.get_one(Person, person.id))
    sign_out()
    flash("You are signed out on every device.", "success")
    return redirect("/", 303)
