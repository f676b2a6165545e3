"""Issues the paper of each movement, at the very end of the transaction that booked it.

Whoever books, the paper comes with it: the ledger notes what a transaction booked, and `transaction()` calls
`issue_papers` before it commits. Numbers are taken last, series after series, so that nobody waits for a number while
holding something that its owner needs; a rollback gives them back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Buyer, Contribution, Refund
from bountyhub.funding.models.papers import Built, Paper, PaperCounter, PaperKind, SentOn
from bountyhub.funding.operations import paper_faces
from bountyhub.funding.operations.paper_faces import About, Sums
from bountyhub.funding.papers import Face, as_json, hash_of
from bountyhub.kit import clock, ids
from bountyhub.kit.database import before_commit, find_or_make
from bountyhub.ledger.flows import TOUCHES
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.positions import EARNING
from bountyhub.ledger.posting import booked_in
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task

CAPTURES = ("captured", "captured_late", "captured_wrong")
#: Money that goes back once more is told by no second credit note.
AGAIN = ("unclaimed_asked",)
SERIES = {PaperKind.RECEIPT: "R", PaperKind.CREDIT_NOTE: "C", PaperKind.STATEMENT: "S", PaperKind.CORRECTION: "S"}
#: Kinds of entries of which papers may tell; any other costs nothing.
TOLD = {kind for kind, touches in TOUCHES.items() if "refund_pending" in touches.credit} | {*CAPTURES, *EARNING}
#: In this order numbers are taken, everywhere: a credit note names the receipt of the same transaction.
ORDER = "RCS"
_INTO = ("escrow", "refund_pending", "suspense")


@dataclass(frozen=True)
class Due:
    """A paper that is due: of which entry, about which contribution."""

    entry: Entry
    contribution: str
    kind: PaperKind
    sums: Sums


def note_built(session: Session, share: str, *, pull_number: int, pull_url: str, merged_at: datetime | None) -> None:
    """Say what a share is paid for, before it is released; statements of its money name it."""
    session.add(Built(share=share, pull_number=pull_number, pull_url=pull_url, merged_at=merged_at))


def note_redirected(session: Session, share: str, to: str) -> None:
    """Say to whom a share was sent on, before it is booked for them; statements of its money name them."""
    session.add(SentOn(share=share, name=to[:200]))


@before_commit
def issue_papers(session: Session) -> None:
    """Issue every paper that what this transaction booked asks for; a repetition issues none."""
    if not (booked := booked_in(session, TOLD)):
        return
    session.flush()
    due = sorted(due_papers(session, booked), key=lambda d: (ORDER.index(SERIES[d.kind]), d.entry.id, d.contribution))
    about = _about(session, {each.contribution for each in due})
    for each in due:
        if whose := about.get(each.contribution):
            paper = _issue(session, each, whose)
            if each.kind is PaperKind.RECEIPT:
                about[each.contribution] = replace(whose, receipt=paper.name)


def due_papers(session: Session, entries: Collection[int]) -> list[Due]:
    """Which papers these entries ask for that aren't issued yet."""
    query = (
        select(Entry, Account.contribution, Account.kind, Account.owner, Line.amount)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(Entry.id.in_(list(entries)))
        .order_by(Entry.id, Account.id)
    )
    found: dict[tuple[int, str], list[tuple[str, str, int]]] = defaultdict(list)
    whole: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_id: dict[int, Entry] = {}
    for entry, contribution, kind, owner, amount in session.execute(query):
        by_id[entry.id] = entry
        whole[entry.id][kind] += amount
        if contribution is not None:
            found[entry.id, contribution].append((kind, owner or "", amount))
    asked = [
        due
        for (entry, contribution), lines in found.items()
        for due in _due(by_id[entry], contribution, lines, whole[entry])
    ]
    issued = select(Paper.entry_id, Contribution.ref, Paper.kind).join(
        Contribution, Contribution.id == Paper.contribution_id
    )
    there = {tuple(row) for row in session.execute(issued.where(Paper.entry_id.in_([d.entry.id for d in asked])))}
    return [due for due in asked if (due.entry.id, due.contribution, due.kind) not in there]


def _due(
    entry: Entry, contribution: str, lines: Sequence[tuple[str, str, int]], whole: dict[str, int]
) -> Iterator[Due]:
    kinds: dict[str, int] = defaultdict(int)
    payable: dict[str, int] = defaultdict(int)
    for kind, owner, amount in lines:
        kinds[kind] += amount
        if kind == "payable":
            payable[owner] -= amount
    back = -kinds["refund_pending"]
    if entry.kind in CAPTURES:
        into = -sum(kinds[kind] for kind in _INTO)
        yield Due(entry, contribution, PaperKind.RECEIPT, Sums(into, -kinds["fee_held"], -kinds["vat_held"]))
    if back > 0 and entry.kind not in AGAIN:
        fee, vat = max(kinds["fee_held"], 0), max(kinds["vat_held"], 0)
        kept, goodwill = -whole["income/withdrawal"], whole["cost/refund"]
        kept_vat = -whole["vat_due"] if kept else 0
        yield Due(
            entry, contribution, PaperKind.CREDIT_NOTE, Sums(0, fee, vat, back, kept, goodwill, kept_vat=kept_vat)
        )
    if entry.kind in EARNING and any(payable.values()):
        kind = PaperKind.STATEMENT if sum(payable.values()) > 0 else PaperKind.CORRECTION
        yield Due(entry, contribution, kind, Sums(0, kinds["fee_held"], kinds["vat_held"], payable=payable))


def _about(session: Session, refs: Collection[str]) -> dict[str, About]:
    query = (
        select(Contribution, Task, Repository, Buyer)
        .join(Task, Task.id == Contribution.task_id)
        .join(Repository, Repository.id == Task.repository_id)
        .outerjoin(Buyer, Buyer.contribution_id == Contribution.id)
        .where(Contribution.ref.in_(list(refs)))
    )
    rows = session.execute(query).all()
    receipts = select(Paper).where(
        Paper.contribution_id.in_([row[0].id for row in rows]), Paper.kind == PaperKind.RECEIPT
    )  # fmt: skip
    names = {paper.contribution_id: paper.name for paper in session.scalars(receipts)}
    return {row[0].ref: About(row[0], row[1], row[2], row[3], names.get(row[0].id, "")) for row in rows}


def _issue(session: Session, due: Due, about: About) -> Paper:
    series, at = SERIES[due.kind], clock.now()
    number = _next_number(session, series, at.year)
    paper = Paper(
        ref=ids.new_ref(20), kind=due.kind, series=series, year=at.year, number=number,
        contribution_id=about.contribution.id, entry_id=due.entry.id, issued_at=at,
    )  # fmt: skip
    paper.content = as_json(_face(session, due, about, paper))
    paper.hash = hash_of(paper.content)
    session.add(paper)
    session.flush()
    return paper


def _face(session: Session, due: Due, about: About, paper: Paper) -> Face:
    at = paper.issued_at
    if due.kind is PaperKind.RECEIPT:
        return paper_faces.receipt(about, due.sums, paper.name, at, due.entry)
    if due.kind is PaperKind.CREDIT_NOTE:
        refund = session.scalars(select(Refund).where(Refund.ref == due.entry.refs.get("refund", ""))).first()
        sums = _split(session, due, about.contribution)
        return paper_faces.credit_note(about, sums, paper.name, at, refund, due.entry.currency)
    built = session.scalars(select(Built).where(Built.share.in_(due.sums.payable)).order_by(Built.share)).all()
    sent_on = session.scalars(select(SentOn.name).where(SentOn.share.in_(due.sums.payable)).order_by(SentOn.share))
    return paper_faces.statement(about, due.sums, paper.name, at, built, sent_on.all())


def _split(session: Session, due: Due, contribution: Contribution) -> Sums:
    """How much of what goes back is fee and tax, where the entry's own lines don't say."""
    if due.entry.kind == "captured_late":
        return replace(due.sums, fee=contribution.fee, vat=contribution.vat)
    freezing = (
        select(Line.entry_id)
        .join(Account, Account.id == Line.account_id)
        .where(Account.kind == "frozen", Line.amount < 0, Account.owner == due.entry.refs.get("dispute", ""))
    )
    if due.entry.kind != "dispute_warning_refunded":
        return due.sums
    query = (
        select(Account.kind, Line.amount)
        .join(Line, Line.account_id == Account.id)
        .where(Account.contribution == due.contribution, Line.entry_id.in_(freezing))
    )
    frozen: dict[str, int] = defaultdict(int)
    for kind, amount in session.execute(query):
        frozen[kind] += amount
    return replace(due.sums, fee=frozen["fee_held"], vat=frozen["vat_held"])


def _next_number(session: Session, series: str, year: int) -> int:
    """The next number, this transaction's alone until it ends."""
    query = select(PaperCounter).where(PaperCounter.series == series, PaperCounter.year == year)
    locked = query.with_for_update().execution_options(populate_existing=True)

    def make() -> PaperCounter:
        made = PaperCounter(series=series, year=year, last=0)
        session.add(made)
        session.flush()
        return made

    counter = find_or_make(session, lambda: session.scalars(locked).first(), make)
    counter.last += 1
    session.flush()
    return counter.last
