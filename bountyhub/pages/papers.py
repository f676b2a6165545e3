"""Issued papers: as a page and as a PDF, for whoever's money they are about; and one's receipts as a table."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading
from bountyhub.pages.contexts.contribution import require_own
from bountyhub.pages.contexts.papers import paper_of, receipts_csv, shown
from bountyhub.pages.mailed_contribution import contribution_of

blueprint = Blueprint("papers", __name__)


@blueprint.get("/contributions/<int:contribution_id>/papers/<ref>")
def show(contribution_id: int, ref: str) -> Response:
    """One paper of a contribution of the reader's own; with `.pdf` behind its name as a file."""
    person = require_person()
    with reading() as session:
        own = require_own(session, contribution_id, person.id)
        return _answer(session, own, ref, f"/contributions/{contribution_id}")


@blueprint.get("/c/<secret>/papers/<ref>")
def show_mailed(secret: str, ref: str) -> Response:
    """The same by the link in the receipt."""
    with reading() as session:
        return _answer(session, contribution_of(session, secret), ref, f"/c/{secret}")


@blueprint.get("/me/receipts.csv")
def receipts() -> Response:
    """Every paper of the reader's, a line each."""
    person = require_person()
    with reading() as session:
        made = Response(receipts_csv(session, person.id), mimetype="text/csv; charset=utf-8")
    return _private(made, "receipts.csv")


def _answer(session: Session, contribution: Contribution, ref: str, base: str) -> Response:
    name = ref.removesuffix(".pdf")
    paper = paper_of(session, contribution, name)
    if name == ref:
        view = shown(paper, base)
        made = make_response(render_template("funding/paper.html", paper=view, back=base))
        made.headers["Cache-Control"] = "no-store"
        return made
    from bountyhub.pages.pdf import as_pdf  # a third of a second that no start has to wait for

    return _private(Response(as_pdf(paper), mimetype="application/pdf"), f"{paper.name}.pdf")


def _private(made: Response, name: str) -> Response:
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made
