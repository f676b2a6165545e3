"""`/operator/undo`: a release undone by two operators: one proposes it, another confirms it; never one alone."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from bountyhub.admin import undo_pages
from bountyhub.admin.acting import fresh_operator_now, operator_now
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading, transaction
from bountyhub.work import operations as work
from bountyhub.work.errors import ReasonMissing

blueprint = Blueprint("operator_undo", __name__)
PATH = "/operator/undo"


@blueprint.get(PATH)
def show() -> str:
    """Proposals that stand, what isn't back yet, and the newest releases."""
    require_operator()
    with reading() as session:
        return render_template("admin/undos.html", page=undo_pages.overview(session, operator_now(session)))


@blueprint.get(f"{PATH}/<int:claim_id>")
def one(claim_id: int) -> str:
    """One release, and what this operator can do about it."""
    require_operator()
    return _page(claim_id)


@blueprint.post(f"{PATH}/<int:claim_id>/propose")
def propose(claim_id: int) -> Response | tuple[str, int]:
    """Propose it, with a reason that everybody will read."""
    require_operator()
    try:
        with transaction() as session:
            work.propose_undo(session, claim_id, fresh_operator_now(session), _typed())
    except ReasonMissing as refused:
        return _page(claim_id, refused.message), 422
    return redirect(f"{PATH}/{claim_id}", 303)


@blueprint.post(f"{PATH}/<int:claim_id>/<int:undo_id>/confirm")
def confirm(claim_id: int, undo_id: int) -> Response:
    """Undo it, by another operator than who proposed it."""
    with transaction() as session:
        work.confirm_undo(session, undo_id, fresh_operator_now(session))
    return redirect(f"{PATH}/{claim_id}", 303)


@blueprint.post(f"{PATH}/<int:claim_id>/<int:undo_id>/withdraw")
def withdraw(claim_id: int, undo_id: int) -> Response:
    """Who proposed it takes it back."""
    with transaction() as session:
        work.withdraw_undo(session, undo_id, operator_now(session))
    return redirect(f"{PATH}/{claim_id}", 303)


def _typed() -> str:
    return request.form.get("reason", "").replace("\x00", "").strip()


def _page(claim_id: int, error: str = "") -> str:
    with reading() as session:
        page = undo_pages.detail(session, claim_id, operator_now(session))
        return render_template("admin/undo.html", page=page, reason=request.form.get("reason", ""), error=error)
