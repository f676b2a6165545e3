"""The public books on a page: sums with their proof, tasks with money, the newest entries. Nobody is named here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.queries import Behind, TaskMoney, behind, money_by_task
from bountyhub.http.filters import money_exact
from bountyhub.http.lately import lately
from bountyhub.kit import clock
from bountyhub.kit.database import see_one_state
from bountyhub.kit.money import Money
from bountyhub.ledger import public
from bountyhub.ledger.log.store import newest_checkpoint
from bountyhub.ledger.overview import Overview, overview
from bountyhub.ledger.public import PublicEntry
from bountyhub.tasks.models import Task

TASKS, NEWEST = 20, 12
Named = tuple[str, Money]


@dataclass(frozen=True)
class CurrencyBooks:
    """One currency: what there is, whose it is, and what has moved so far."""

    currency: str
    heading: str
    state: str  # of the pill
    pill: str
    missing: str  # what to know about it in a sentence, empty while everything owed is there
    have: list[Named]
    have_in_all: Money
    whose: list[Named]
    whose_in_all: Money
    moved: list[Named]


@dataclass(frozen=True)
class TaskRow:
    """A task that took money; `over` when none of it is here any more."""

    id: int
    title: str
    held: Money
    owed: Money
    fees: Money
    returned: Money
    charged_back: Money
    over: bool


@dataclass(frozen=True)
class EntryRow:
    """An entry in a line of words."""

    id: int
    at: datetime
    words: str
    moved: Money
    tasks: list[int]


@dataclass(frozen=True)
class Signed:
    """The log's newest checkpoint: how many entries it covers, and since when."""

    size: int
    at: datetime


@dataclass(frozen=True)
class Books:
    """Everything the page shows."""

    checked_at: datetime
    currencies: list[CurrencyBooks]
    tasks: list[TaskRow]
    more_tasks: int | None
    entries: list[EntryRow]
    signed: Signed | None


def books(session: Session, before: int) -> Books:
    """The page, in twelve queries whatever its length. The sums and their proof are of one moment, at most some seconds
    ago: they take longest."""
    see_one_state(session)
    checked_at, sums = lately("books", lambda: (clock.now(), [_currency(one) for one in overview(session)]))
    found = money_by_task(session, TASKS + 1, before=before)
    ids = sorted({row.task_id for row in found}, reverse=True)
    more = ids[TASKS - 1] if len(ids) > TASKS else None
    titles, last = _titles(session, ids), newest_checkpoint(session)
    return Books(
        checked_at=checked_at, currencies=sums,
        tasks=[_task(row, titles[row.task_id]) for row in found if row.task_id in ids[:TASKS]], more_tasks=more,
        entries=_entries(session),
        signed=Signed(last.size, last.at) if last else None,
    )  # fmt: skip


def _currency(found: Overview) -> CurrencyBooks:
    def money(amount: int) -> Money:
        return Money(amount, found.currency)

    def named(rows: Sequence[tuple[str, int, bool]]) -> list[Named]:
        return [(name, money(amount)) for name, amount, always in rows if amount or always]

    heading, state, pill = _verdict(found)
    return CurrencyBooks(
        currency=found.currency, heading=heading, state=state, pill=pill, missing=_missing(found),
        have=named(_have(found)), have_in_all=money(found.have),
        whose=[("Owed to backers, developers and for tax", money(found.owed)), ("Our own", money(found.own_funds))],
        whose_in_all=money(found.owed + found.own_funds), moved=named(_moved(found)),
    )  # fmt: skip


def _verdict(found: Overview) -> tuple[str, str, str]:
    """Heading, state and words of the pill: first whether the books are right, then whether the money is there."""
    if not found.balanced:
        return "held ≠ owed", "blocked", "It does not add up"
    if not found.enough:
        return "Less is here than is owed", "blocked", f"{money_exact(Money(found.missing, found.currency))} missing"
    return "held = owed", "ready", "It adds up"


def _missing(found: Overview) -> str:
    if found.enough:
        return ""
    missing, costs = money_exact(Money(found.missing, found.currency)), money_exact(Money(found.costs, found.currency))
    said = f"{missing} of what is owed is not here."
    if found.missing <= found.costs:
        return (
            f"{said} That is no more than payments have cost so far ({costs}): the payment provider takes its costs at "
            "once, and a fee is earned only when work is released. The operator has to put in what is missing."
        )
    return (
        f"{said} Costs of payments ({costs}) don’t explain it: it was charged back after it had been paid out, given "
        "back beyond what was held, or taken out. The operator has to put it in."
    )


def _have(found: Overview) -> Sequence[tuple[str, int, bool]]:
    return (
        ("At the payment provider", found.clearing, True),
        ("Taken by charge-backs, not owed meanwhile", found.covered, False),
        ("At the bank for refunds that failed", found.set_apart, False),
    )


def _moved(found: Overview) -> Sequence[tuple[str, int, bool]]:
    """What happened so far; the rare ones are left out while they are nothing."""
    return (
        ("Held for tasks now", found.held, True),
        ("Paid in by backers", found.captured, True),
        ("Released to developers", found.released, True),
        ("Arrived at developers", found.paid, True),
        ("Given back to backers", found.returned, True),
        ("Fees earned", found.fees_earned, True),
        ("Kept at late withdrawals", found.kept, False),
        ("Costs of payments", found.costs, True),
        ("Charged back by banks", found.charged_back, True),
        ("Lost by charge-backs", found.losses, True),
    )


def _titles(session: Session, ids: list[int]) -> dict[int, str]:
    return {row.id: row.title for row in session.execute(select(Task.id, Task.title).where(Task.id.in_(ids)))}


def _task(row: TaskMoney, title: str) -> TaskRow:
    def money(amount: int) -> Money:
        return Money(amount, row.currency)

    return TaskRow(
        row.task_id, title, held=money(row.held), owed=money(row.owed), fees=money(row.fees),
        returned=money(row.returned), charged_back=money(row.charged_back), over=row.owed == 0,
    )  # fmt: skip


def _entries(session: Session) -> list[EntryRow]:
    found = public.newest(session, NEWEST)
    known = behind(session, {line.contribution for one in found for line in one.lines if line.contribution})
    return [
        EntryRow(
            one.id, one.effective_at, one.words, Money(one.moved, one.currency),
            _tasks_of(one, known),
        )
        for one in found
    ]  # fmt: skip


def _tasks_of(entry: PublicEntry, known: Mapping[str, Behind]) -> list[int]:
    found = (known.get(line.contribution or "") for line in entry.lines)
    return sorted({of.task_id for of in found if of is not None})
