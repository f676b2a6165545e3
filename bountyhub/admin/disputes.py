"""`/operator/disputes`: what banks say against payments, the evidence pack of each, and the click that submits it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from bountyhub.admin import dispute_pack
from bountyhub.admin.acting import operator_now
from bountyhub.funding.operations.disputes import dispute_by_ref
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading, transaction
from bountyhub.work import operations as work

blueprint = Blueprint("operator_disputes", __name__)
PATH = "/operator/disputes"


@blueprint.get(PATH)
def show() -> str:
    """All of them, those that wait first, and what could still be charged back."""
    require_operator()
    with reading() as session:
        return render_template("admin/disputes.html", page=dispute_pack.overview(session))


@blueprint.get(f"{PATH}/<ref>")
def one(ref: str) -> str:
    """One dispute with its evidence pack."""
    require_operator()
    with reading() as session:
        return render_template("admin/dispute.html", page=dispute_pack.detail(session, dispute_by_ref(session, ref)))


@blueprint.post(f"{PATH}/<ref>/answer")
def answer(ref: str) -> Response:
    """Submit the pack as it is now, once."""
    with transaction() as session:
        actor = operator_now(session)
        work.answer_dispute(session, ref, dispute_pack.pack(session, dispute_by_ref(session, ref)), actor)
    return redirect(f"{PATH}/{ref}", 303)


@blueprint.post(f"{PATH}/<ref>/keep")
def keep(ref: str) -> Response:
    """Keep a warned contribution, with a reason."""
    with transaction() as session:
        actor = operator_now(session)
        work.keep_warned(session, dispute_by_ref(session, ref).id, actor, request.form.get("reason", ""))
    return redirect(f"{PATH}/{ref}", 303)
