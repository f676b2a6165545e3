"""`/operator`: alarms, own funds, self-checks, failed refunds and jobs. Only for those whom OPERATORS names."""

from __future__ import annotations

from flask import Blueprint, render_template

from bountyhub.admin import queries
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading

blueprint = Blueprint("operator", __name__)


@blueprint.get("/operator")
def show() -> str:
    """The operator's page."""
    require_operator()
    with reading() as session:
        return render_template("admin/operator.html", desk=queries.desk(session))
