"""`/operator/treasury`: own funds, float and reserve, and what could be paid out. No button here pays out."""

from __future__ import annotations

from flask import Blueprint, render_template

from bountyhub.funding import operations as funding
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading

blueprint = Blueprint("operator_treasury", __name__)


@blueprint.get("/operator/treasury")
def show() -> str:
    """Each currency's own funds."""
    require_operator()
    with reading() as session:
        return render_template("admin/treasury.html", funds=funding.own_funds(session))
