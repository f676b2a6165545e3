"""All lines of a task's money in plain words, and the sum that shows that none of it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.queries import Behind, behind, refs_of_task
from bountyhub.kit.database import see_one_state
from bountyhub.kit.money import Money
from bountyhub.ledger import public
from bountyhub.ledger.conserved import Conserved, conserved
from bountyhub.ledger.public import Booked, PublicLine
from bountyhub.ledger.queries import natural
from bountyhub.ledger.statement import EVENTS, PLACES
from bountyhub.pages.contexts.parts import ProjectLink
from bountyhub.pages.contexts.task import find, project_link
from bountyhub.payouts.models import Redirect, Share
from bountyhub.payouts.own_money import PaidThemselves, public_of_task

LINES = 50
Named = tuple[str, Money]
WORDS = {
    "captured": "Paid in",
    "moved_in": "Moved in from other tasks",
    "goodwill": "Added by us for refunds",
    "on_its_way": "On its way to developers",
    "sent": "Sent to developers",
    "fees": "Fees and tax on them, earned",
    "returned": "Given back to backers",
    "kept": "Kept at late withdrawals",
    "moved_out": "Moved to other tasks",
    "lost": "Taken by charge-backs",
}
#: Whose side a line is on that belongs to no contribution, by kind of account.
SIDES = {
    "clearing": "the processor’s balance, of all tasks",
    "bank": "the operator’s bank account",
    "bank/unclaimed": "the operator’s bank account",
    "transfer_pending": "a transfer to a developer",
    "vat_due": "tax on earned fees",
    "income/fee": "fees earned, of all tasks",
    "income/withdrawal": "our income",
}
COSTS = "our costs, of all tasks"
#: Shown when they are nothing, too.
ALWAYS = ("captured", "sent", "fees", "returned")


@dataclass(frozen=True)
class Row:
    """One line of the books: what moved, whose it is, how the account stands after it."""

    entry: int
    at: datetime
    event: str
    place: str
    whose: str
    party: str | None  # whose random name to show after it
    amount: Money
    after: Money


@dataclass(frozen=True)
class Sums:
    """One currency: what came in, where it went; `difference` is nothing while the books are right."""

    coming: list[Named]
    came: Money
    going: list[Named]
    went: Money
    difference: Money
    holds: bool


@dataclass(frozen=True)
class TaskMoneyPage:
    """Everything the page shows."""

    task_id: int
    title: str
    url: str
    project: ProjectLink
    sums: list[Sums]
    own: list[PaidThemselves]
    rows: list[Row]
    redirected: list[Redirected]
    after: int
    next_url: str | None


@dataclass(frozen=True)
class Redirected:
    """A share that its payee sent on."""

    amount: Money
    to: str
    at: datetime


def _redirected(session: Session, task_id: int) -> list[Redirected]:
    query = select(Share, Redirect).join(Redirect, Redirect.share_id == Share.id).where(Share.task_id == task_id)
    rows = session.execute(query.order_by(Share.id))
    return [Redirected(share.money, redirect.name, redirect.at) for share, redirect in rows]


def task_money(session: Session, task_id: int, after: int) -> TaskMoneyPage:
    """The page from a line on; raises NotFound. A fixed number of queries."""
    see_one_state(session)
    listed = find(session, task_id)
    refs = refs_of_task(session, task_id)
    found = public.lines_of(session, refs, LINES + 1, after=after)
    known = behind(session, {one.line.contribution for one in found if one.line.contribution})
    more = len(found) > LINES
    return TaskMoneyPage(
        task_id=task_id, title=listed.task.title, url=f"/tasks/{task_id}", project=project_link(listed),
        sums=[_sums(one) for one in conserved(session, refs)], own=public_of_task(session, task_id),
        rows=[_row(one, known, task_id) for one in found[:LINES]], after=after,
        redirected=_redirected(session, task_id),
        next_url=f"/tasks/{task_id}/money?after={found[LINES - 1].id}#lines" if more else None,
    )  # fmt: skip


def _row(booked: Booked, known: Mapping[str, Behind], task_id: int) -> Row:
    entry, line = booked.entry, booked.line
    of = known.get(line.contribution or "")
    whose, party = _whose(line, of, task_id)
    return Row(
        entry=entry.id, at=entry.effective_at, event=EVENTS.get(entry.kind, entry.kind), place=PLACES[line.kind],
        whose=whose, party=party, amount=Money(line.grown, entry.currency),
        after=Money(natural(line.kind, line.balance_after), entry.currency),
    )  # fmt: skip


def _whose(line: PublicLine, of: Behind | None, task_id: int) -> tuple[str, str | None]:
    """Whose side a line is on, and the backer's name here. Those of another task keep theirs to that one."""
    if line.contribution is None:
        return SIDES.get(line.kind, COSTS), None
    if of is not None and of.task_id != task_id:
        return f"task {of.task_id}", None
    return ("party", of.party) if of is not None and of.party else ("somebody who left", None)


def _sums(found: Conserved) -> Sums:
    def money(amount: int) -> Money:
        return Money(amount, found.currency)

    def named(amounts: Mapping[str, int]) -> list[Named]:
        return [(WORDS[name], money(amount)) for name, amount in amounts.items() if amount or name in ALWAYS]

    here = [(f"Still here: {PLACES[kind]}", money(amount)) for kind, amount in sorted(found.here.items())]
    return Sums(
        coming=named(found.coming), came=money(sum(found.coming.values())),
        going=[*named(found.going), *(here or [("Still here", money(0))])],
        went=money(sum(found.going.values()) + sum(found.here.values())),
        difference=money(found.difference), holds=found.holds,
    )  # fmt: skip
