"""A contribution's page for its signed-in backer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.funding.rules import Way
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.acting import actor_now
from bountyhub.pages.contexts.contribution import page, require_own
from bountyhub.pages.contexts.proof import receipt_file
from bountyhub.pages.typed import posted
from bountyhub.work.operations import stay, withdraw

blueprint = Blueprint("contribution", __name__)
LONGEST = 12
DONE = {
    Way.AT_ONCE: "It is on its way back to where you paid from.",
    Way.NOTICE: "Notice given: it goes back in 7 days unless a pull request is merged before.",
    Way.NOTHING_LEFT: "Nothing of it is held any more.",
}


def shown_kept() -> int:
    """What the pressed button said would be kept, minor units; one that said nothing said that all goes back."""
    typed = posted("kept")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST else 0


@blueprint.get("/contributions/<int:contribution_id>")
def show(contribution_id: int) -> str:
    """Look at it."""
    person = require_person()
    with reading() as session:
        own = require_own(session, contribution_id, person.id)
        view = page(session, own, f"/contributions/{own.id}")
    return render_template("funding/contribution.html", contribution=view)


@blueprint.get("/contributions/<int:contribution_id>/receipt.json")
def receipt(contribution_id: int) -> Response:
    """What proves that it is in the books, with what only its backer may know."""
    person = require_person()
    with reading() as session:
        return receipt_file(session, require_own(session, contribution_id, person.id))


@blueprint.post("/contributions/<int:contribution_id>/withdraw")
def withdraw_(contribution_id: int) -> Response:
    """Take it back, at once or by notice."""
    person = require_person()
    with transaction() as session:
        require_own(session, contribution_id, person.id)
        way = withdraw(session, contribution_id, actor_now(session), shown_kept())
    return _back(contribution_id, DONE[way])


@blueprint.post("/contributions/<int:contribution_id>/stay")
def stay_(contribution_id: int) -> Response:
    """Take a notice back."""
    person = require_person()
    with transaction() as session:
        require_own(session, contribution_id, person.id)
        stay(session, contribution_id, actor_now(session))
    return _back(contribution_id, "It stays here.")


def _back(contribution_id: int, said: str) -> Response:
    flash(said, "success")
    return redirect(f"/contributions/{contribution_id}", 303)
