"""The public books: what is held and owed, with the proof, for everybody."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from bountyhub.kit.database import reading
from bountyhub.pages.contexts.books import books
from bountyhub.pages.typed import asked_number

blueprint = Blueprint("transparency", __name__)


@blueprint.get("/transparency")
def show() -> Response:
    """The page; a browser may keep it for some seconds."""
    with reading() as session:
        found = books(session, before=asked_number("before", 0))
    answer = make_response(render_template("pages/transparency.html", books_page=found))
    answer.headers["Cache-Control"] = "private, max-age=5"
    return answer
