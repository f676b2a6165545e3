"""The first page: counters read from the books, what is ready to claim, what was just paid."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.pages.contexts.parts import TaskRow, task_row
from bountyhub.payouts.models import Share, ShareState
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work import listing
from bountyhub.work.listing import Sort, Wanted
from bountyhub.work.models import Claim

SHOWN = 5
#: The median is taken of the newest so many.
NEWEST = 200


@dataclass(frozen=True)
class Counters:
    """What the books say, by currency."""

    held: list[Money]
    released: list[Money]
    returned: list[Money]
    median_seconds: float | None
    task_count: int


@dataclass(frozen=True)
class Home:
    """Everything the first page shows."""

    counters: Counters
    ready: list[TaskRow]
    paid: list[TaskRow]


def home(session: Session) -> Home:
    """The first page."""
    wanted = Wanted(state=TaskState.OPEN, sort=Sort.AMOUNT, funded=True, unclaimed=True)
    ready = listing.find_tasks(session, wanted, limit=SHOWN)
    return Home(
        counters=counters(session), ready=[task_row(row) for row in ready.rows],
        paid=[task_row(row) for row in listing.load(session, _just_paid(session))],
    )  # fmt: skip


def counters(session: Session) -> Counters:
    """Held, released and returned of every currency."""
    totals = ledger.totals(session)
    return Counters(
        held=[Money(t.held, t.currency) for t in totals if t.held],
        released=[Money(t.released, t.currency) for t in totals if t.released],
        returned=[Money(t.returned, t.currency) for t in totals if t.returned],
        median_seconds=_median(session),
        task_count=listing.count_tasks(session, Wanted(funded=True)),
    )  # fmt: skip


def _median(session: Session) -> float | None:
    query = select(Claim.merged_at, Share.paid_at).join(Claim, Claim.id == Share.claim_id)
    query = query.where(Share.paid_at.is_not(None), Claim.merged_at.is_not(None)).order_by(Share.id.desc())
    times = [
        max(0.0, (paid - merged).total_seconds())
        for merged, paid in session.execute(query.limit(NEWEST))
        if paid is not None and merged is not None
    ]
    return median(times) if times else None


def _just_paid(session: Session) -> list[int]:
    last = func.max(Share.paid_at)
    query = (
        select(Task.id)
        .join(Share, Share.task_id == Task.id)
        .where(Task.state == TaskState.COMPLETED, Share.state == ShareState.PAID)
        .group_by(Task.id)
        .order_by(last.desc())
    )
    return list(session.scalars(query.limit(SHOWN)))
