"""`GET /api/v1/tasks` and `/api/v1/tasks/<id>`; refusals are rendered as JSON by `http.errors`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from bountyhub.api import shapes
from bountyhub.api.parameters import BadFilter, limit, next_page
from bountyhub.api.task import task_detail
from bountyhub.kit.database import reading
from bountyhub.tasks.models import TaskState
from bountyhub.work.listing import Sort, Wanted, count_tasks, find_tasks

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/tasks")
def tasks() -> Response:
    """`q`, `state`, `sort` (newest, amount, backers), `limit` (1 to 100), `after` (as given in `next`)."""
    wanted, count = _wanted(), limit()
    with reading() as session:
        page = find_tasks(session, wanted, request.args.get("after", ""), count)
        total = count_tasks(session, wanted)
    rows = [shapes.listed(row) for row in page.rows]
    return jsonify({"tasks": rows, "total": total, "after": page.next, "next": next_page(page.next)})


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> Response:
    """One task with contributions, claims and what the books say."""
    with reading() as session:
        found = task_detail(session, task_id)
    return jsonify(found)


def _wanted() -> Wanted:
    state, sort = request.args.get("state", ""), request.args.get("sort", Sort.NEWEST.value)
    words = request.args.get("q", "").replace("\x00", "")[:100]
    try:
        return Wanted(q=words, state=TaskState(state) if state else None, sort=Sort(sort))
    except ValueError as error:
        known = ", ".join([*(s.value for s in TaskState), *(s.value for s in Sort)])
        raise BadFilter("There is no such state or order.", advice=f"These are: {known}.") from error
