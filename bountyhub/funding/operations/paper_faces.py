"""The words of receipts, credit notes and statements. Called by `papers` when one is issued, and never again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bountyhub import settings
from bountyhub.funding.models import Buyer, Contribution, Refund, RefundReason
from bountyhub.funding.models.papers import Built, PaperKind
from bountyhub.funding.papers import Face, Fact, Row, row
from bountyhub.funding.vat import written_rate
from bountyhub.kit.money import plain
from bountyhub.ledger.models import Entry
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task

TITLES = {
    PaperKind.RECEIPT: "Receipt",
    PaperKind.CREDIT_NOTE: "Credit note",
    PaperKind.STATEMENT: "Statement: what your money built",
    PaperKind.CORRECTION: "Correction of a statement",
}
REVERSE_CHARGE = "Reverse charge: the recipient owes the VAT on the service fee (Article 196, Directive 2006/112/EC)."
_WHY = {
    RefundReason.WITHDRAWN: "taken back by you",
    RefundReason.NOTICE: "your notice ended",
    RefundReason.LIFE_OVER: "the time for which money is held was over",
    RefundReason.TASK_OVER: "the task ended without a merge",
    RefundReason.TOO_LATE: "it was paid after the task had stopped taking money",
    RefundReason.WRONG_AMOUNT: "the amount that arrived was not the one agreed",
    RefundReason.OBJECTION: "an objection was upheld",
    RefundReason.KEPT_LAPSED: "the developer could not be paid in time",
    RefundReason.RELEASE_UNDONE: "its release was undone",
}


@dataclass(frozen=True)
class About:
    """Whose money a paper is about: the rows its words are made of."""

    contribution: Contribution
    task: Task
    repository: Repository
    buyer: Buyer | None
    receipt: str = ""


@dataclass(frozen=True)
class Sums:
    """What an entry moved of one contribution, minor units, each in its ordinary direction."""

    into: int = 0  # escrow, refund_pending or suspense, at the payment
    fee: int = 0
    vat: int = 0
    back: int = 0
    kept: int = 0
    goodwill: int = 0
    kept_vat: int = 0
    payable: Mapping[str, int] = field(default_factory=dict)  # by share


def receipt(about: About, sums: Sums, name: str, at: datetime, entry: Entry) -> Face:
    """What was paid; its parts are known where it is what was agreed."""
    c, currency = about.contribution, entry.currency
    agreed = entry.kind != "captured_wrong"
    rows = [row("Contribution, held for the task", c.amount, currency), *_fee_rows(c, c.fee, c.vat)] if agreed else []
    paid = sums.into + sums.fee + sums.vat
    notes = {
        "captured": "The contribution is held for the task, and nothing else. It is paid out when a pull request for "
        "the issue is merged, else it comes back, with the service fee. The fee is earned only on what is paid out.",
        "captured_late": "The task had stopped taking money when it was paid: all of it goes back.",
        "captured_wrong": "What arrived is not what was agreed. It is set apart until it is matched or goes back.",
    }
    said = [notes[entry.kind], *_kept_note(c, entry)]
    return _face(PaperKind.RECEIPT, about, name, at, rows, row("Paid", paid, currency), said)


def _kept_note(c: Contribution, entry: Entry) -> list[str]:
    if entry.kind != "captured" or not c.kept_cost:
        return []
    return [
        f"Taken back by whoever paid it after the days in which it comes back in full, {plain(c.kept_money)} of it are "
        "kept for what processing the payment cost, as named before paying."
    ]


def credit_note(about: About, sums: Sums, name: str, at: datetime, refund: Refund | None, currency: str) -> Face:
    """What goes back to the card."""
    c = about.contribution
    principal = sums.back - sums.fee - sums.vat + sums.kept + sums.kept_vat - sums.goodwill
    rows = [row("Contribution", principal, currency), *_fee_rows(c, sums.fee, sums.vat)]
    if sums.kept:
        rows.append(row("Processing cost kept, as named before paying", -sums.kept, currency))
    if sums.kept_vat:
        rows.append(row(f"VAT on it, {written_rate(c.vat_rate)}, {c.vat_country}", -sums.kept_vat, currency))
    if sums.goodwill:
        rows.append(row("Added by the operator", sums.goodwill, currency))
    facts = [Fact("Corrects", f"Receipt {about.receipt}")] if about.receipt else []
    if refund is not None:
        facts += [
            Fact("Refund", refund.ref),
            Fact("Why", _WHY.get(refund.reason, str(refund.reason).replace("_", " "))),
        ]
    return _face(PaperKind.CREDIT_NOTE, about, name, at, rows, row("Goes back", sums.back, currency), [], facts)


def statement(
    about: About, sums: Sums, name: str, at: datetime, built: Sequence[Built], sent_on: Sequence[str] = ()
) -> Face:
    """What became payable of one contribution; with negative sums the correction that takes it back."""
    c, currency = about.contribution, about.contribution.currency
    released = sum(sums.payable.values())
    kind = PaperKind.STATEMENT if released >= 0 else PaperKind.CORRECTION
    text = "Released to who built it" if released >= 0 else "No longer released"
    rows = [row(text, released, currency), *_fee_rows(c, sums.fee, sums.vat, "Service fee earned")]
    facts = []
    for each in built:
        facts.append(
            Fact("Pull request" if "/pull/" in each.pull_url else "Change for", f"#{each.pull_number}", each.pull_url)
        )
        if each.merged_at is not None:
            facts.append(Fact("Merged", _day(each.merged_at)))
    if released >= 0:
        facts += [Fact("Redirected to", each) for each in dict.fromkeys(sent_on)]
    if about.receipt:
        facts.append(Fact("Paid by", f"Receipt {about.receipt}"))
    total = row("Of your money", released + sums.fee + sums.vat, currency)
    note = "Nothing is asked for: this comes out of what you paid before."
    return _face(kind, about, name, at, rows, total, [note], facts)


def _face(
    kind: PaperKind, about: About, name: str, at: datetime, rows: list[Row], total: Row, notes: list[str],
    facts: Sequence[Fact] = (),
) -> Face:  # fmt: skip
    here, c = settings.current(), about.contribution
    task = Fact("Task", about.task.title, f"{here.PUBLIC_URL}/tasks/{about.task.id}")
    issue = Fact("Issue", f"{about.repository.full_name} #{about.task.issue_number}")
    said = [*notes, *_tax_notes(c), *([here.PAPER_NOTE] if here.PAPER_NOTE else [])]
    return Face(
        title=TITLES[kind], name=name, date=_day(at), currency=total.written.partition(" ")[2], seller=_seller(),
        buyer=_buyer(about), facts=[task, issue, Fact("Contribution", c.ref), *_paid(c), *facts], rows=rows,
        total=total, notes=said,
    )  # fmt: skip


def _fee_rows(c: Contribution, fee: int, vat: int, text: str = "Service fee") -> list[Row]:
    rows = [row(text, fee, c.currency)] if fee else []
    if vat or (c.vat_rate and fee):
        rows.append(row(f"VAT on the service fee, {written_rate(c.vat_rate)}, {c.vat_country}", vat, c.currency))
    return rows


def _tax_notes(c: Contribution) -> list[str]:
    return [REVERSE_CHARGE] if c.vat_country and not c.vat_rate else []


def _paid(c: Contribution) -> list[Fact]:
    paid = [Fact("Paid on", _day(c.captured_at))] if c.captured_at else []
    agreed = f"version {c.terms_version}, agreed to on {_day(c.consent_at)}" if c.consent_at else ""
    return [*paid, *([Fact("Terms", agreed)] if agreed else [])]


def _seller() -> list[str]:
    here = settings.current()
    vat = f"VAT number {here.LEGAL_VAT_ID}" if here.LEGAL_VAT_ID else ""
    lines = [here.LEGAL_NAME or here.PUBLIC_URL, *here.legal_address_lines, here.LEGAL_CONTACT, vat]
    return [line for line in lines if line]


def _buyer(about: About) -> list[str]:
    """Nobody is named unless they asked for it: an issued paper can't be forgotten."""
    buyer = about.buyer
    if buyer is None:
        return [f"Who paid contribution {about.contribution.ref}"]
    vat = f"VAT number {buyer.vat_id}" if buyer.vat_id else ""
    reference = f"Your reference: {buyer.reference}" if buyer.reference else ""
    lines = [buyer.name, *buyer.address.splitlines(), vat, reference]
    return [line.strip() for line in lines if line.strip()]


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
