"""A contribution's page by the link in its receipt: looks, withdraws (to the card) and takes a notice back."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.origin import now_at
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.contexts.contribution import page
from bountyhub.pages.contexts.proof import receipt_file
from bountyhub.pages.contribution import DONE, shown_kept
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import Actor, find_link
from bountyhub.work.operations import stay, withdraw

blueprint = Blueprint("mailed_contribution", __name__)
BY_LINK = Actor(None, None, "mailed link")


@blueprint.get("/c/<secret>")
def show(secret: str) -> Response:
    """Look at it; nobody else keeps a copy of this page."""
    with reading() as session:
        view = page(session, contribution_of(session, secret), f"/c/{secret}")
    answer = make_response(render_template("funding/contribution.html", contribution=view))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/c/<secret>/receipt.json")
def receipt(secret: str) -> Response:
    """What proves that it is in the books."""
    with reading() as session:
        return receipt_file(session, contribution_of(session, secret))


@blueprint.post("/c/<secret>/withdraw")
def withdraw_(secret: str) -> Response:
    """Take it back, at once or by notice."""
    with transaction() as session:
        contribution = contribution_of(session, secret)
        way = withdraw(session, contribution.id, BY_LINK, shown_kept())
    flash(DONE[way], "success")
    return redirect(f"/c/{secret}", 303)


@blueprint.post("/c/<secret>/stay")
def stay_(secret: str) -> Response:
    """Take a notice back: who gave it by this link changes their mind by it."""
    with transaction() as session:
        stay(session, contribution_of(session, secret).id, BY_LINK)
    flash("It stays here.", "success")
    return redirect(f"/c/{secret}", 303)


def contribution_of(session: Session, secret: str) -> Contribution:
    """The contribution a link is for, where its backer moved it since; raises LinkOver."""
    link = find_link(session, secret, LinkPurpose.CONTRIBUTION)
    contribution = session.get(Contribution, link.contribution_id) if link.contribution_id else None
    if contribution is None:
        raise LinkOver()
    return now_at(session, contribution)
