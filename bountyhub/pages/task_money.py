"""Every movement of one task's money, for everybody who may see the task."""

from __future__ import annotations

from flask import Blueprint, render_template

from bountyhub.kit.database import reading
from bountyhub.pages.contexts.task_money import task_money
from bountyhub.pages.typed import asked_number

blueprint = Blueprint("task_money", __name__)


@blueprint.get("/tasks/<int:task_id>/money")
def show(task_id: int) -> str:
    """The page, from a line on."""
    with reading() as session:
        found = task_money(session, task_id, after=asked_number("after", 0))
    return render_template("tasks/money.html", money_page=found)
