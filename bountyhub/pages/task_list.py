"""The list of tasks: the address is the filter."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from bountyhub.kit.database import reading
from bountyhub.pages.contexts.parts import task_row
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import filter_form
from bountyhub.pages.typed import asked
from bountyhub.tasks.models import TaskState
from bountyhub.work.listing import Sort, Wanted, count_tasks, find_tasks

blueprint = Blueprint("task_list", __name__)


@blueprint.get("/tasks")
def index() -> str:
    """Filtered, sorted, paged."""
    filters = filter_form()
    filters.fill(request.args)
    wanted = _wanted(filters)
    with reading() as session:
        page, total = find_tasks(session, wanted, asked("after")), count_tasks(session, wanted)
    return render_template(
        "tasks/list.html", rows=[task_row(row) for row in page.rows], filters=filters, total=total,
        next_url=_url(wanted, page.next) if page.next else None, json_url=f"/api/v1/tasks?{urlencode(_query(wanted))}",
    )  # fmt: skip


def _wanted(filters: Form) -> Wanted:
    """Words that name no state or order mean any state, newest first."""
    state, sort = filters["state"].data, filters["sort"].data
    known = TaskState(state) if state in [s.value for s in TaskState] else None
    return Wanted(q=filters["q"].data, state=known, sort=Sort(sort) if sort in [s.value for s in Sort] else Sort.NEWEST)


def _query(wanted: Wanted) -> dict[str, str]:
    chosen = {"q": wanted.q, "state": wanted.state.value if wanted.state else "", "sort": wanted.sort.value}
    return {name: value for name, value in chosen.items() if value}


def _url(wanted: Wanted, after: str) -> str:
    return f"/tasks?{urlencode({**_query(wanted), 'after': after})}"
