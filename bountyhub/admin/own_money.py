"""`/operator/own-money`: releases of which a payee is also a backer. Fair, or a card turned to cash."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.http.session import require_operator
from bountyhub.kit.database import reading
from bountyhub.payouts.own_money import OwnMoney, newest_shares, own_money
from bountyhub.payouts.rules import Same
from bountyhub.tasks.models import Task

blueprint = Blueprint("operator_own_money", __name__)
#: So many shares are looked at for one page.
SHARES = 500
LARGEST = 2**63 - 1
WHY = {
    Same.PERSON: "the same account here",
    Same.MAIL: "paid with the payee’s own mail address",
    Same.CARD: "paid by a card that the payee paid with elsewhere",
}


@dataclass(frozen=True)
class Row:
    """One contribution that went to its own backer."""

    own: OwnMoney
    task: Task
    why: str


@blueprint.get("/operator/own-money")
def show() -> str:
    """The newest first, a stretch of shares at a time."""
    require_operator()
    with reading() as session:
        shares = newest_shares(session, _before(), SHARES + 1)
        rows = _rows(session, own_money(session, shares[:SHARES]))
    more = f"/operator/own-money?before={shares[SHARES - 1].id}" if len(shares) > SHARES else None
    return render_template("admin/own_money.html", rows=rows, next_url=more)


def _before() -> int:
    return min(max(request.args.get("before", 0, type=int), 0), LARGEST)


def _rows(session: Session, found: list[OwnMoney]) -> list[Row]:
    query = select(Task).where(Task.id.in_({each.share.task_id for each in found}))
    tasks = {task.id: task for task in session.scalars(query)}
    return [Row(each, tasks[each.share.task_id], WHY[each.same]) for each in found]
