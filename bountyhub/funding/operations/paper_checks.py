"""Whether every movement has its paper, the numbers have no gaps, and each paper still is what was issued. Reads only.

Called by the daily check and by `bountyhub ledger verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.events.alarms import Found
from bountyhub.funding.models import Contribution
from bountyhub.funding.models.papers import Paper, PaperCounter
from bountyhub.funding.operations.papers import TOLD, due_papers
from bountyhub.funding.papers import hash_of
from bountyhub.ledger.models import Entry

SCOPE = "papers:"
KIND = "papers"
BATCH = 2000


class Wrong(NamedTuple):
    """What is wrong, and with what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check_papers(session: Session) -> Iterator[Wrong]:
    """Everything that is wrong with the papers; streams, so that a million of them need no more memory."""
    yield from _gaps(session)
    yield from _changed(session)
    yield from _missing(session)


def count_papers(session: Session) -> int:
    """How many were issued."""
    return session.scalar(select(func.count()).select_from(Paper)) or 0


def as_alarms(found: list[Wrong]) -> list[Found]:
    """One alarm: thousands of rows would hide the others."""
    if not found:
        return []
    more = f" and {len(found) - 1} more: run bountyhub ledger verify" if len(found) > 1 else ""
    return [Found(f"{SCOPE}wrong", KIND, found[0].where, f"{found[0]}{more}")]


def _gaps(session: Session) -> Iterator[Wrong]:
    """Numbers go from 1 to the last that was taken, each once."""
    query = select(Paper.series, Paper.year, func.count(), func.min(Paper.number), func.max(Paper.number))
    there = {
        (series, year): tuple(rest) for series, year, *rest in session.execute(query.group_by(Paper.series, Paper.year))
    }
    taken = {(row.series, row.year): row.last for row in session.scalars(select(PaperCounter))}
    for series, year in sorted(there.keys() | taken.keys()):
        count, first, last = there.get((series, year), (0, 1, 0))
        until = taken.get((series, year), 0)
        if (count, first, last) != (until, 1, until):
            yield Wrong(
                f"papers {series}-{year}", f"{until} numbers were taken; there are {count}, from {first} to {last}"
            )


def _changed(session: Session) -> Iterator[Wrong]:
    papers = select(Paper).order_by(Paper.id).execution_options(yield_per=BATCH)
    for paper in session.scalars(papers):
        if hash_of(paper.content) != paper.hash:
            yield Wrong(f"paper {paper.name}", "its text is not the one that was issued")
        elif paper.content["name"] != paper.name:
            yield Wrong(f"paper {paper.name}", f"it is printed as {paper.content['name']}")
        session.expunge(paper)


def _missing(session: Session) -> Iterator[Wrong]:
    """Movements without their paper, from the first paper on: older ones are of a time without papers."""
    first = session.scalar(select(func.min(Paper.entry_id)))
    if first is None:
        return
    query = select(Entry.id).where(Entry.id >= first, Entry.kind.in_(TOLD)).order_by(Entry.id)
    for ids in session.scalars(query).partitions(BATCH):
        due = due_papers(session, ids)
        known = set(
            session.scalars(select(Contribution.ref).where(Contribution.ref.in_({d.contribution for d in due})))
        )
        for each in due:
            if each.contribution in known:
                yield Wrong(f"entry {each.entry.id}", f"no {each.kind} tells of it")
