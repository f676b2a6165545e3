"""One task in JSON: who funds it (those who show themselves), which pull requests claim it, what the books say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bountyhub.api.shapes import Json, amount, listed, moment
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Share, ShareState
from bountyhub.people import queries as people
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task
from bountyhub.work import listing
from bountyhub.work import queries as work
from bountyhub.work.attempts import standing
from bountyhub.work.models import Claim
from bountyhub.work.models_attempts import Attempt

#: Kinds of account by the word that programs get.
TOTALS = {
    "held": "escrow",
    "fees_held": "fee_held",
    "held_back": "holdback",
    "kept": "kept_for",
    "payable": "payable",
    "frozen": "frozen",
    "on_its_way_back": "refund_pending",
    "unclaimed": "unclaimed_refund",
}


def task_detail(session: Session, task_id: int) -> Json:
    """Everything public of a task; raises NotFound. A fixed number of queries."""
    if session.get(Task, task_id) is None:
        raise NotFound("There is no such task.")
    row = listing.load(session, [task_id])[0]
    paid = [ContributionState.HELD, ContributionState.CLOSED]
    query = select(Contribution).where(Contribution.task_id == task_id, Contribution.state.in_(paid))
    contributions = session.scalars(query.order_by(Contribution.id)).all()
    kinds = ledger.balances_by_contribution(session, [c.ref for c in contributions])
    return {
        **listed(row),
        "contributions": _contributions(session, contributions, kinds),
        "attempts": _attempts(session, task_id),
        "claims": _claims(session, task_id),
        "totals": _totals(session, row.task, kinds),
    }


def _contributions(
    session: Session, contributions: Sequence[Contribution], kinds: dict[str, dict[str, int]]
) -> list[Json]:
    names = people.names(session, {c.person_id for c in contributions if c.person_id and not c.anonymous})
    return [
        {
            "reference": c.ref,
            "backer": None if c.anonymous else names.get(c.person_id or 0),
            "anonymous": c.anonymous,
            "amount": amount(c.money),
            "held": amount(Money(kinds[c.ref].get("escrow", 0), c.currency)),
            "state": c.state.value,
            "paid_at": moment(c.captured_at),
            "leaves_by": moment(c.leave_by),
            "notice_until": moment(c.notice_until),
            "kept_if_withdrawn_late": amount(c.kept_money),
        }
        for c in contributions
    ]


def _attempts(session: Session, task_id: int) -> list[Json]:
    """Who says that they are on it; `lapses_at` is empty while a linked pull request keeps it."""
    return [
        {
            "developer": one.login,
            "since": moment(one.at),
            "lapses_at": moment(one.lapses_at),
            "pull_request": one.pull,
            "can_be_paid": one.unpaid is None,
        }
        for one in standing(session, Attempt.task_id == task_id)
    ]


def _claims(session: Session, task_id: int) -> list[Json]:
    query = select(Claim, Identity.login).join(Identity, Identity.id == Claim.author_id)
    rows = session.execute(query.where(Claim.task_id == task_id).order_by(Claim.id)).all()
    named = select(Identity).where(Identity.id.in_({int(id) for claim, _ in rows for id in claim.split}))
    logins = {identity.id: identity.login for identity in session.scalars(named)}
    return [_claim(row, logins) for row in rows]


def _claim(row: Row[Claim, str], logins: dict[int, str]) -> Json:
    claim, login = row
    return {
        "id": claim.id,
        "pull_request": {"number": claim.pull_number, "url": claim.url, "title": claim.title, "draft": claim.draft},
        "author": login,
        "split": [{"developer": logins[int(id)], "percent": percent} for id, percent in claim.split.items()],
        "state": claim.state.value,
        "shown_at": moment(claim.shown_at),
        "merged_at": moment(claim.merged_at),
        "until": moment(claim.until),
        "released_at": moment(claim.released_at),
    }


def _totals(session: Session, task: Task, kinds: dict[str, dict[str, int]]) -> Json:
    """Sums over the task's accounts, and what was ever released and paid."""
    sums: Counter[str] = Counter()
    for of_contribution in kinds.values():
        sums.update(of_contribution)
    released = work.released(session, Claim.task_id == task.id).get(task.currency, 0)
    paid = session.scalars(select(Share.amount).where(Share.task_id == task.id, Share.state == ShareState.PAID))
    found = {word: sums[kind] for word, kind in TOTALS.items()}
    found |= {"released": released, "paid": sum(paid)}
    return {word: amount(Money(minor, task.currency)) for word, minor in found.items()}
