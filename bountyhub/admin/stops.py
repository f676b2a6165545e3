"""`/operator/stops`: halts of outgoing money, made, extended by a second operator, ended; never a "pay" button."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from bountyhub.admin.acting import operator_now
from bountyhub.admin.stop_targets import TargetUnknown, named, target_of
from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import StopScope
from bountyhub.payouts.operations.stops import end_stop, ended_lately, extend_stop, make_stop, open_stops

blueprint = Blueprint("operator_stops", __name__)
PATH = "/operator/stops"
Answer = Response | tuple[str, int]


@blueprint.get(PATH)
def show() -> str:
    """Every stop that holds, those that ended lately, and the form for another."""
    require_operator()
    return _page("", "", "", "")


@blueprint.post(PATH)
def make() -> Answer:
    """Halt outgoing money."""
    require_operator()
    scope, target, reason = (request.form.get(name, "").replace("\x00", "").strip() for name in NAMES)
    error = ""
    if scope not in set(StopScope):
        error = "Choose what is to be stopped."
    elif not reason:
        error = "Say why: everybody whose money waits will read it."
    if error:
        return _page(scope, target, reason, error), 422
    try:
        with transaction() as session:
            make_stop(session, StopScope(scope), target_of(session, StopScope(scope), target), reason,
                      operator_now(session))  # fmt: skip
    except TargetUnknown as refused:
        return _page(scope, target, reason, refused.message), 422
    return redirect(PATH, 303)


@blueprint.post(f"{PATH}/<int:stop_id>/extend")
def extend(stop_id: int) -> Response:
    """Let it last longer, by another operator than before."""
    with transaction() as session:
        extend_stop(session, stop_id, operator_now(session))
    return redirect(PATH, 303)


@blueprint.post(f"{PATH}/<int:stop_id>/end")
def end(stop_id: int) -> Response:
    """End it early, with a reason."""
    with transaction() as session:
        end_stop(session, stop_id, request.form.get("reason", "").replace("\x00", "").strip(), operator_now(session))
    return redirect(PATH, 303)


NAMES = ("scope", "target", "reason")


def _page(scope: str, target: str, reason: str, error: str) -> str:
    with reading() as session:
        return render_template(
            "admin/stops.html", stops=[(stop, named(session, stop)) for stop in open_stops(session)],
            ended=[(stop, named(session, stop)) for stop in ended_lately(session)], scopes=list(StopScope),
            scope=scope, target=target, reason=reason, error=error,
        )  # fmt: skip
