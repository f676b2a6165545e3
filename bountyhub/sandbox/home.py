"""The sandboxes' own pages: the start page, the health answer and the form that moves business time forward.

Visited by a person (and `bountyhub demo`); the other pages belong to the stand-ins themselves.
"""

from __future__ import annotations

from datetime import UTC, datetime

import requests
from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.clock import MAX_DAYS
from bountyhub.sandbox.context import Sandbox, current_sandbox
from bountyhub.sandbox.ticking import tick

blueprint = Blueprint("home", __name__)

PEOPLE = (
    ("Ana", "ana", "Maintainer", "owns repositories, turns issues into tasks, merges pull requests"),
    ("Bo", "bo", "Developer", "opens pull requests and gets paid for the merge"),
    ("Cleo", "cleo", "Backer", "funds issues by card, alone or with others"),
    ("Dara", "dara", "Outsider", "has rights nowhere: good for seeing what is refused"),
    ("Eve", "eve", "Second maintainer", "decides when Ana is on the author's side"),
)
JUMPS = (1, 7, 14, 85)


@blueprint.get("/")
def index() -> str:
    sandbox = current_sandbox()
    return render_template(
        "sandbox/home.html",
        people=PEOPLE,
        jumps=JUMPS,
        max_days=MAX_DAYS,
        now=datetime.fromtimestamp(sandbox.clock.now(), UTC),
        days_ahead=sandbox.clock.offset() // 86_400,
        moved=request.args.get("moved", type=int),
    )


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    with current_sandbox().store.transaction() as tx:
        tx.get("clock", "offset")
    return jsonify(status="ok")


@blueprint.get("/clock")
def clock() -> ResponseReturnValue:
    return jsonify(_clock_facts(current_sandbox()))


@blueprint.post("/clock/advance")
def advance() -> ResponseReturnValue:
    """Move the application's business time, which it may refuse, then our own by as much."""
    sandbox, days = current_sandbox(), _days()
    if days is None:
        return _failed(400, f"Give a whole number of days between 1 and {MAX_DAYS}. No time has passed.")
    refusal = _move_application(sandbox, days)
    if refusal is not None:
        return _failed(502, refusal)
    sandbox.clock.advance(days)
    tick(sandbox)
    if _wants_json():
        return jsonify(_clock_facts(sandbox))
    return redirect(url_for("home.index", moved=days, _anchor="clock"), code=303)


def _days() -> int | None:
    body = request.get_json(silent=True) if request.is_json else request.form
    try:
        days = int(str(body["days"]) if body is not None else "")
    except (KeyError, TypeError, ValueError):
        return None
    return days if 1 <= days <= MAX_DAYS else None


def _move_application(sandbox: Sandbox, days: int) -> str | None:
    """None when the application moved its clock, else the sentence that says why not."""
    headers = {"X-Sandbox-Key": sandbox.config.stripe_webhook_secret}
    url = f"{sandbox.config.app_url}/sandbox/clock"
    try:
        answer = requests.post(url, json={"days": days}, headers=headers, timeout=10)
    except requests.RequestException:
        return "The application did not answer, so no time has passed. Is it running?"
    if not answer.ok:
        code = answer.status_code
        return f"The application refused to move its clock (it answered {code}). No time has passed."
    return None


def _clock_facts(sandbox: Sandbox) -> dict[str, int]:
    clock = sandbox.clock
    return {"now": clock.now(), "real": clock.real(), "offset_seconds": clock.offset()}


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _failed(status: int, sentence: str) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(error=sentence), status
    facts = {"status": status, "heading": "Time stood still", "sentence": sentence}
    return render_template("sandbox/error.html", **facts), status
