"""Tasks to browse: filtered, sorted, searched and paged by key, each with its money and next step.

Called by the pages and the JSON API. Fixed numbers of queries whatever the number of tasks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money, total
from bountyhub.ledger.models import Account
from bountyhub.people.models import Identity
from bountyhub.projects.models import Project, Repository
from bountyhub.tasks.models import Interest, Task, TaskState
from bountyhub.work.facts import Held, held_by_task, task_facts
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.next_step import NextStep, TaskFacts, next_step

PAGE = 20
_CURSOR = re.compile(r"(\d{1,15})-(\d{1,15})", re.ASCII)
_CLAIMED = (
    select(Claim.task_id)
    .join(Identity, (Identity.id == Claim.author_id) & Identity.is_bot.is_(False))
    .where(Claim.state.in_([ClaimState.LINKED, ClaimState.LATE]), Claim.draft.is_(False), Claim.base_counts.is_(True))
    .where(Claim.uncounted == "")
)


class BadPage(DomainError):
    """A page mark that this list never gave out."""

    status = 400
    code = "bad_page"

    def __init__(self) -> None:
        super().__init__("That page of the list doesn't exist.", advice="Begin at its first page.")


class Sort(StrEnum):
    NEWEST = "newest"
    AMOUNT = "amount"
    BACKERS = "backers"


@dataclass(frozen=True)
class Wanted:
    """Which tasks to list. `q`: words that all occur in title or project; `funded`: only with money held.

    `unclaimed`: only those for which no ready pull request stands.
    """

    q: str = ""
    state: TaskState | None = None
    sort: Sort = Sort.NEWEST
    project_id: int | None = None
    funded: bool = False
    unclaimed: bool = False


@dataclass(frozen=True)
class Listed:
    """One task of a list with everything lists show."""

    task: Task
    #: Who wrote the issue, by their name at the forge; empty for a deleted account.
    author: str
    project: Project
    repository: Repository
    held: Money
    #: By saved cards, charged when the work is accepted: never a part of `held`.
    promised: Money
    backers: int
    interested: int
    #: What its merge released to developers, wherever that is on its way to them.
    released: Money
    next_step: NextStep


@dataclass(frozen=True)
class Page:
    """One page of a list; `next` is the mark of the following one, None at the end."""

    rows: list[Listed]
    next: str | None


def find_tasks(session: Session, wanted: Wanted, after: str = "", limit: int = PAGE) -> Page:
    """The page of matching tasks after a mark; raises BadPage for a mark that can't be one."""
    sums = _sums()
    value = _sorted_by(wanted.sort, sums)
    query = _filtered(select(Task.id, value), wanted, sums)
    if after:
        mark, last = _read_mark(after)
        query = query.where(or_(value < mark, (value == mark) & (Task.id < last)))
    found = session.execute(query.order_by(value.desc(), Task.id.desc()).limit(limit + 1)).all()
    more = len(found) > limit
    kept = found[:limit]
    return Page(load(session, [row[0] for row in kept]), f"{int(kept[-1][1])}-{kept[-1][0]}" if more else None)


def count_tasks(session: Session, wanted: Wanted) -> int:
    """How many tasks match."""
    return int(session.execute(_filtered(select(func.count(Task.id)), wanted, _sums())).scalar_one())


def load(session: Session, ids: Sequence[int]) -> list[Listed]:
    """These tasks in this order."""
    query = (
        select(Task, Project, Repository, Identity.login)
        .join(Project, Project.id == Task.project_id)
        .join(Repository, Repository.id == Task.repository_id)
        .outerjoin(Identity, Identity.id == Task.author_id)
        .where(Task.id.in_(ids))
    )
    held, facts, interested = held_by_task(session, ids), task_facts(session, ids), _interested(session, ids)
    rows = {
        task.id: Listed(
            promised=facts[task.id].promised,
            task=task, project=project, repository=repository, interested=interested.get(task.id, 0),
            held=Money(held.get(task.id, Held()).amount, task.currency), backers=held.get(task.id, Held()).backers,
            released=_released(facts[task.id]), next_step=next_step(facts[task.id]), author=author or "",
        )
        for task, project, repository, author in session.execute(query)
    }  # fmt: skip
    return [rows[id] for id in ids]


def _released(facts: TaskFacts) -> Money:
    return total((share.amount for share in facts.shares if share.state != "returned"), facts.held.currency)


def _sums() -> Subquery:
    return (
        select(
            Contribution.task_id, (-func.sum(Account.balance)).label("amount"), func.count().label("backers")
        )
        .join(Account, (Account.contribution == Contribution.ref) & (Account.kind == "escrow"))
        .where(Account.balance != 0)
        .group_by(Contribution.task_id)
        .subquery()
    )  # fmt: skip


def _sorted_by(sort: Sort, sums: Subquery) -> ColumnElement[Any]:
    if sort is Sort.NEWEST:
        return Task.id.expression
    return func.coalesce(sums.c.amount if sort is Sort.AMOUNT else sums.c.backers, 0)


def _filtered(query: Select[Any], wanted: Wanted, sums: Subquery) -> Select[Any]:
    query = query.join(Project, Project.id == Task.project_id).outerjoin(sums, sums.c.task_id == Task.id)
    if wanted.state is not None:
        query = query.where(Task.state == wanted.state)
    if wanted.project_id is not None:
        query = query.where(Task.project_id == wanted.project_id)
    if wanted.funded:
        query = query.where(sums.c.amount > 0)
    if wanted.unclaimed:
        query = query.where(Task.id.not_in(_CLAIMED))
    for word in wanted.q.split()[:8]:
        query = query.where(_mentions(word))
    return query


def _mentions(word: str) -> ColumnElement[bool]:
    return or_(*(text.icontains(word, autoescape=True) for text in (Task.title, Project.name)))


def _read_mark(after: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise BadPage()
    return int(found[1]), int(found[2])


def _interested(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(Interest.task_id, func.count()).where(Interest.task_id.in_(ids)).group_by(Interest.task_id)
    return {row[0]: row[1] for row in session.execute(query)}
