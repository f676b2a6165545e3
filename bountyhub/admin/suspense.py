"""`/operator/suspense`: money that was not as agreed, to be held for its task or sent back before its seven days."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug import Response

from bountyhub.admin.acting import operator_now
from bountyhub.funding import operations as funding
from bountyhub.funding.rules import SUSPENSE
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading, transaction

blueprint = Blueprint("operator_suspense", __name__)
PATH = "/operator/suspense"


@blueprint.get(PATH)
def show() -> str:
    """Everything that waits to be placed."""
    require_operator()
    with reading() as session:
        return render_template("admin/suspense.html", waiting=funding.suspended(session), days=SUSPENSE.days)


@blueprint.post(f"{PATH}/<int:contribution_id>/match")
def match(contribution_id: int) -> Response:
    """Hold it for its task."""
    with transaction() as session:
        funding.match_suspended(session, contribution_id, operator_now(session))
    return redirect(PATH, 303)


@blueprint.post(f"{PATH}/<int:contribution_id>/return")
def send_back(contribution_id: int) -> Response:
    """Send it back now."""
    with transaction() as session:
        funding.send_back_suspended(session, contribution_id, operator_now(session))
    return redirect(PATH, 303)
