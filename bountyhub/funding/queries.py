"""Reads about contributions: whose they are in the public books, for which task, and until when they are new."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.models import Contribution, Party, Payment
from bountyhub.ledger import capture, posting, queries
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.positions import EARNING
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
    """The number of the entry with which a contribution came into the books, paid or moved; two queries."""
    if contribution.moved_from_id is not None:
        moved = posting.find(session, f"moved:{contribution.ref}")
        return None if moved is None else moved.id
    query = select(Payment.ref).where(Payment.contribution_id == contribution.id).order_by(Payment.id)
    payment = session.scalars(query.limit(1)).first()
    entry = capture.entry_of(session, payment) if payment else None
    return None if entry is None else entry.id


def cooling_off(contribution: Contribution) -> timedelta:
    """For how long after paying it can be taken back in any case; whoever bought as a business waived that."""
    return timedelta(days=0 if contribution.business else settings.current().COOLING_OFF_DAYS)


def in_cooling_off(contribution: Contribution, now: datetime) -> bool:
    """Whether it was paid so lately that it can be taken back in any case."""
    return contribution.captured_at is not None and now < contribution.captured_at + cooling_off(contribution)


@dataclass(frozen=True)
class TaskMoney:
    """What a task holds, all that is owed on its account, and what has come of its money so far; minor units."""

    task_id: int
    currency: str
    held: int
    owed: int
    fees: int  # earned
    returned: int
    charged_back: int


#: Where lines tell what came of a task's money: (kind of account, kinds of entries), + debit.
_CAME_OF_IT: dict[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "fees": [("fee_held", EARNING)],
    "returned": queries.RETURNED,
    "charged_back": [("dispute_funds", ("dispute_withdrawn",))],
}
_Sums = dict[tuple[int, str], dict[str, int]]


def money_by_task(session: Session, limit: int, *, before: int = 0) -> list[TaskMoney]:
    """Tasks that ever took money, newest first, before a task's number (0: from the newest), whole tasks only.

    Three queries, of which only the last reads lines: the few that tell of fees, returns and charge-backs.
    """
    paid = select(Contribution.task_id).where(Contribution.captured_at.is_not(None))
    if before:
        paid = paid.where(Contribution.task_id < before)
    ids = session.scalars(paid.distinct().order_by(Contribution.task_id.desc()).limit(limit)).all()
    balances, flows = _balances(session, ids), _flows(session, ids)
    return [
        _task_money(*key, kinds, flows.get(key, {}))
        for key, kinds in sorted(balances.items(), key=lambda item: (-item[0][0], item[0][1]))
    ]


def _task_money(task_id: int, currency: str, kinds: Mapping[str, int], flows: Mapping[str, int]) -> TaskMoney:
    return TaskMoney(
        task_id, currency, held=queries.held_of(kinds), owed=queries.owed_of(kinds), fees=flows.get("fees", 0),
        returned=flows.get("returned", 0), charged_back=flows.get("charged_back", 0),
    )  # fmt: skip


def _balances(session: Session, ids: Collection[int]) -> _Sums:
    query = (
        select(Contribution.task_id, Account.currency, Account.kind, func.sum(Account.balance))
        .join(Account, Account.contribution == Contribution.ref)
        .where(Contribution.task_id.in_(ids))
        .group_by(Contribution.task_id, Account.currency, Account.kind)
    )
    found: _Sums = {}
    for task_id, currency, kind, signed in session.execute(query):
        found.setdefault((task_id, currency), {})[kind] = natural(kind, int(signed))
    return found


def _flows(session: Session, ids: Collection[int]) -> _Sums:
    places = {(kind, entry): name for name, where in _CAME_OF_IT.items() for kind, of in where for entry in of}
    query = (
        select(Contribution.task_id, Account.currency, Account.kind, Entry.kind, func.sum(Line.amount))
        .join(Account, Account.contribution == Contribution.ref)
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Contribution.task_id.in_(ids), Account.kind.in_({kind for kind, _ in places}))
        .group_by(Contribution.task_id, Account.currency, Account.kind, Entry.kind)
    )
    found: _Sums = {}
    for task_id, currency, kind, entry, amount in session.execute(query):
        if name := places.get((kind, entry)):
            of = found.setdefault((task_id, currency), {})
            of[name] = of.get(name, 0) + int(amount)
    return found
