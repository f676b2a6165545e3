"""Reads about contributions for the public books: whose they are there, and for which task."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Party, Payment
from bountyhub.ledger import posting
from bountyhub.ledger.accounts import OWED_KINDS
from bountyhub.ledger.models import Account
from bountyhub.ledger.overview import HELD_KINDS
from bountyhub.ledger.queries import natural


@dataclass(frozen=True)
class Behind:
    """What the public may know of a contribution: its task, and its backer's name in it (None: they are forgotten)."""

    task_id: int
    party: str | None


def behind(session: Session, refs: Collection[str]) -> dict[str, Behind]:
    """Task and party of contributions, by their refs; one query."""
    if not refs:
        return {}
    query = (
        select(Contribution.ref, Contribution.task_id, Party.ref)
        .outerjoin(Party, Party.contribution_id == Contribution.id)
        .where(Contribution.ref.in_(list(refs)))
    )
    return {ref: Behind(task_id, party) for ref, task_id, party in session.execute(query)}


def refs_of_task(session: Session, task_id: int) -> list[str]:
    """The contributions of a task that were ever paid, oldest first."""
    query = select(Contribution.ref).where(Contribution.task_id == task_id, Contribution.captured_at.is_not(None))
    return list(session.scalars(query.order_by(Contribution.id)))


def entry_of(session: Session, contribution: Contribution) -> int | None:
    """The number of the entry with which a contribution's payment came into the books; two queries."""
    query = select(Payment.ref).where(Payment.contribution_id == contribution.id).order_by(Payment.id)
    payment = session.scalars(query.limit(1)).first()
    entry = posting.find(session, f"captured:{payment}") if payment else None
    return None if entry is None else entry.id


@dataclass(frozen=True)
class TaskMoney:
    """What a task holds and all that is owed on its account, minor units."""

    task_id: int
    currency: str
    held: int
    owed: int


def owed_by_task(session: Session, limit: int, *, before: int = 0) -> list[TaskMoney]:
    """Tasks with money, newest first, before a task's number (0: from the newest), whole tasks only; two queries."""
    owing = Account.kind.in_(OWED_KINDS) & (Account.balance != 0)
    joined = select(Contribution.task_id).join(Account, Account.contribution == Contribution.ref).where(owing)
    if before:
        joined = joined.where(Contribution.task_id < before)
    ids = list(session.scalars(joined.distinct().order_by(Contribution.task_id.desc()).limit(limit)))
    query = (
        select(Contribution.task_id, Account.currency, Account.kind, func.sum(Account.balance))
        .join(Account, Account.contribution == Contribution.ref)
        .where(owing, Contribution.task_id.in_(ids))
        .group_by(Contribution.task_id, Account.currency, Account.kind)
    )
    sums: dict[tuple[int, str], dict[str, int]] = {}
    for task_id, currency, kind, signed in session.execute(query):
        sums.setdefault((task_id, currency), {})[kind] = natural(kind, int(signed))
    return [
        TaskMoney(task_id, currency, sum(kinds.get(kind, 0) for kind in HELD_KINDS), sum(kinds.values()))
        for (task_id, currency), kinds in sorted(sums.items(), key=lambda item: (-item[0][0], item[0][1]))
    ]
