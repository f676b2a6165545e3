"""The papers of contributions, for their pages, their PDFs and the table of one's receipts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Paper
from bountyhub.funding.operations.origin import chain_to
from bountyhub.funding.papers import Face, from_json
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money, major

HEAD = ("number", "date", "paper", "contribution", "task", "text", "amount", "currency")


@dataclass(frozen=True)
class PaperView:
    """One paper as its reader sees it."""

    face: Face
    url: str
    pdf_url: str


def shown(paper: Paper, base: str) -> PaperView:
    """A paper below the address of its contribution."""
    url = f"{base}/papers/{paper.ref}"
    return PaperView(from_json(paper.content), url, f"{url}.pdf")


def papers_of(session: Session, contribution: Contribution, base: str) -> list[PaperView]:
    """Every paper of a contribution's money, oldest first: also those from before it was moved to its task."""
    query = select(Paper).where(Paper.contribution_id.in_(chain_to(session, contribution))).order_by(Paper.id)
    return [shown(paper, base) for paper in session.scalars(query)]


def paper_of(session: Session, contribution: Contribution, ref: str) -> Paper:
    """One of the papers of a contribution's money; raises NotFound for any other."""
    query = select(Paper).where(Paper.ref == ref, Paper.contribution_id.in_(chain_to(session, contribution)))
    found = session.scalars(query).first()
    if found is None:
        raise NotFound("There is no such paper.")
    return found


def receipts_csv(session: Session, person_id: int) -> str:
    """Number, date, kind, contribution, task and each amount of every paper of a person."""
    query = (
        select(Paper, Contribution.ref)
        .join(Contribution, Contribution.id == Paper.contribution_id)
        .where(Contribution.person_id == person_id)
        .order_by(Paper.id)
    )
    return as_csv([HEAD, *(line for paper, ref in session.execute(query) for line in _lines(paper, ref))])


def _lines(paper: Paper, ref: str) -> Iterable[tuple[str, ...]]:
    face = from_json(paper.content)
    task = next((fact.value for fact in face.facts if fact.text == "Task"), "")
    for row in (*face.rows, face.total):
        amount = major(Money(row.amount, face.currency))
        yield (face.name, face.date, paper.kind.value, ref, task, row.text, amount, face.currency)


def as_csv(lines: Iterable[Iterable[str]]) -> str:
    """Text that spreadsheets read; what would be a formula to them is quoted, as titles are other people's."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in lines:
        writer.writerow([f"'{cell}" if cell[:1] in "=+@\t\r" and cell else cell for cell in line])
    return out.getvalue()
