"""The mailed link of a warning: its owner says that it wasn't them who changed where their money goes."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.operations.holds import find_warning, say_not_me

blueprint = Blueprint("not_me", __name__)


@blueprint.get("/not-me/<secret>")
def show(secret: str) -> Response:
    """Ask before anything is stopped: programs open links too. Once it was used, what it did."""
    with reading() as session:
        done = find_warning(session, secret).used_at is not None
    answer = make_response(render_template("people/not_me.html", done=done))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/not-me/<secret>")
@limits.costly
def stop(secret: str) -> Response:
    """Their outgoing money stops; a second click finds it done."""
    with transaction() as session:
        say_not_me(session, secret)
    return redirect(f"/not-me/{secret}", 303)
