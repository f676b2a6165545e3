"""`/operator/unclaimed`: refunds that failed, where they are to go, and what was done. No button here pays anybody."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from bountyhub.admin.acting import operator_now
from bountyhub.funding import operations as funding
from bountyhub.funding.models import RefundState
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading, transaction
from bountyhub.work.errors import ReasonMissing

blueprint = Blueprint("operator_unclaimed", __name__)
PATH = "/operator/unclaimed"


@blueprint.get(PATH)
def show() -> Response | str:
    """Everything that waits, with the bank accounts that backers named."""
    require_operator()
    with reading() as session:
        waiting = [
            (stuck, funding.way_of_refund(session, stuck.refund))
            for stuck in funding.stuck_refunds(session)
            if stuck.refund.state is RefundState.FAILED
        ]
        return render_template("admin/unclaimed.html", waiting=waiting)


@blueprint.post(f"{PATH}/<ref>/paid")
def paid(ref: str) -> Response:
    """It was sent from the bank, by hand; the note says how."""
    with transaction() as session:
        actor, note = operator_now(session), request.form.get("note", "").strip()[:500]
        if not note:
            raise ReasonMissing()
        funding.pay_otherwise(session, ref, note, actor)
    return redirect(PATH, 303)


@blueprint.post(f"{PATH}/<ref>/again")
def again(ref: str) -> Response:
    """Ask for it once more, to the same card."""
    with transaction() as session:
        funding.ask_again(session, ref, operator_now(session))
    return redirect(PATH, 303)


@blueprint.post(f"{PATH}/<ref>/apart")
def apart(ref: str) -> Response:
    """The next payout of just this sum is set apart for it."""
    with transaction() as session:
        funding.announce_set_apart(session, ref, operator_now(session))
    return redirect(PATH, 303)
