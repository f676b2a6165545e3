"""Mails about promises: given, charged, needs its backer, lapsed, withdrawn."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.funding.models import LapseReason, Promise, PromiseState
from bountyhub.funding.vat import written_rate
from bountyhub.kit.database import transaction
from bountyhub.kit.money import plain
from bountyhub.notifications.about import About, about, developer
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.work.models import Claim
from bountyhub.work.next_step import day

WHY = {
    LapseReason.TASK_OVER: "The task ended without a merge.",
    LapseReason.TOO_OLD: "Nothing was accepted in the time it stood.",
    LapseReason.DECLINED: "The work was accepted, but the card was declined.",
    LapseReason.NOT_CONFIRMED: "The work was accepted, but the bank’s question was not answered in 7 days.",
    LapseReason.NO_FLOAT: "The work was accepted, but this site could not take the payment in 7 days.",
}


def _link(session: Session, row: Promise) -> str:
    secret = make_link(session, LinkPurpose.PROMISE, row.email, promise_id=row.id)
    return f"{settings.current().PUBLIC_URL}/p/{secret}"


def _load(session: Session, id: int) -> tuple[Promise, About]:
    row = session.get_one(Promise, id)
    return row, about(session, row.task_id)


def _vat_line(row: Promise) -> str:
    return f"VAT on the fee ({written_rate(row.vat_rate)}): {plain(row.vat_money)}\n" if row.vat else ""


@job("notify.promise_given", queue="mail")
def promise_given(run: Run, promise: int) -> None:
    """What was agreed to, in the very words, with the link to withdraw."""
    with transaction() as session:
        row, facts = _load(session, promise)
        if row.state is PromiseState.GIVEN:
            write(
                session, key=f"promise:{row.ref}", to=row.email,
                subject=f"Your promise: {plain(row.money)} for {facts.name}",
                paragraphs=[
                    f"Thank you. You promised {plain(row.money)} for {facts.name}. Nothing was charged.",
                    f"When the work is accepted, {row.card_label} is charged once:\nContribution: {plain(row.money)}\n"
                    f"Service fee: {plain(row.fee_money)}\n{_vat_line(row)}"
                    f"Together: {plain(row.total)}\nReference: {row.ref}",
                    f"You agreed to this: {row.mandate}",
                    "Look at it or withdraw it, without an account (keep this link to yourself):\n"
                    f"{_link(session, row)}",
                    facts.next_line, f"The task: {facts.url}",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.promise_charged", queue="mail")
def promise_charged(run: Run, promise: int) -> None:
    """The card was charged; the receipt comes by itself."""
    with transaction() as session:
        row, facts = _load(session, promise)
        write(
            session, key=f"promise-charged:{row.ref}", to=row.email,
            subject=f"Your promise for {facts.name} was charged",
            paragraphs=[
                f"The work on {facts.name} was accepted, so {row.card_label} was charged {plain(row.total)}, as you "
                f"agreed on {day(row.created_at)}. The receipt comes in its own mail. Your card is not kept longer.",
                facts.next_line, f"The task: {facts.url}",
            ],
        )  # fmt: skip
        run.done(session)


@job("notify.promise_needs_you", queue="mail")
def promise_needs_you(run: Run, promise: int) -> None:
    """The bank wants its backer to confirm."""
    with transaction() as session:
        row, facts = _load(session, promise)
        if row.state is PromiseState.NEEDS_BACKER and row.until is not None:
            write(
                session, key=f"promise-needs-you:{row.ref}", to=row.email,
                subject=f"Your bank asks you to confirm {plain(row.total)} for {facts.name}",
                paragraphs=[
                    f"The work on {facts.name} was accepted. Your bank wants you to confirm {plain(row.total)} on "
                    f"{row.card_label} yourself. Nothing was charged yet.",
                    f"Confirm it by {day(row.until)}, without an account (keep this link to yourself):\n"
                    f"{_link(session, row)}",
                    "If you don’t, your promise lapses then, nothing is charged, and the developer goes without it.",
                    f"The task: {facts.url}",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.promise_withdrawn", queue="mail")
def promise_withdrawn(run: Run, promise: int) -> None:
    """Its backer took it back."""
    with transaction() as session:
        row, facts = _load(session, promise)
        write(
            session, key=f"promise-withdrawn:{row.ref}", to=row.email,
            subject=f"Your promise for {facts.name} is withdrawn",
            paragraphs=[
                f"You withdrew your promise of {plain(row.money)} for {facts.name}. Nothing was charged, and your card "
                "is forgotten.", f"The task: {facts.url}",
            ],
        )  # fmt: skip
        run.done(session)


@job("notify.promise_lapsed", queue="mail")
def promise_lapsed(run: Run, promise: int) -> None:
    """It ended without being charged: its backer is told, and the developer whose work it was accepted for."""
    with transaction() as session:
        row, facts = _load(session, promise)
        assert row.lapse_reason is not None
        why = WHY[row.lapse_reason]
        write(
            session, key=f"promise-lapsed:{row.ref}", to=row.email, subject=f"Your promise for {facts.name} has lapsed",
            paragraphs=[
                f"Your promise of {plain(row.money)} for {facts.name} has lapsed. {why} Nothing was charged, and your "
                "card is forgotten.", facts.next_line, f"The task: {facts.url}",
            ],
        )  # fmt: skip
        if row.charging_since is not None:
            write(
                session, key=f"promise-lapsed-developer:{row.ref}", to=_developer(session, row),
                subject=f"A promise of {plain(row.money)} for {facts.name} has lapsed",
                paragraphs=[
                    f"{plain(row.money)} that were promised for {facts.name} will not come. {why} What was held for "
                    "the task and what other promises brought is yours all the same.",
                    facts.next_line, f"The task: {facts.url}",
                ],
            )  # fmt: skip
        run.done(session)


def _developer(session: Session, row: Promise) -> str | None:
    """Whoever's claim was accepted last."""
    query = select(Claim.author_id).where(Claim.task_id == row.task_id, Claim.released_at.is_not(None))
    author = session.scalars(query.order_by(Claim.released_at.desc()).limit(1)).first()
    return developer(session, author) if author is not None else None
