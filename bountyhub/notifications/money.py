"""Mails about money: receipt, suspended payment, notice, returns, failed returns."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.events.registry import Run, job
from bountyhub.funding.models import Contribution, Refund, RefundReason
from bountyhub.funding.operations.origin import paid_from
from bountyhub.funding.queries import cooling_off, entry_of
from bountyhub.funding.vat import written_rate
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money, plain
from bountyhub.notifications.about import about
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.work.next_step import day

_WHY = {
    RefundReason.WITHDRAWN: "You took it back.",
    RefundReason.NOTICE: "Your notice of seven days is over.",
    RefundReason.LIFE_OVER: "Money is held for a limited time here, and that time is over.",
    RefundReason.TASK_OVER: "The task ended without a merge.",
    RefundReason.TOO_LATE: "Your payment arrived after the task had stopped taking money.",
    RefundReason.WRONG_AMOUNT: "The amount that arrived was not the one agreed.",
    RefundReason.OBJECTION: "An objection was upheld.",
    RefundReason.RENEWED: "You paid again, so that the task keeps your money for longer.",
    RefundReason.KEPT_LAPSED: "The developer could not be paid in the time your money may be held.",
    RefundReason.FRAUD_WARNING: "Your card’s bank told us that it suspects fraud.",
    RefundReason.DISPUTE_WON: "Your bank’s charge-back was decided after the task had ended.",
    RefundReason.DISPUTE_REST: "It is the fee’s part of what your bank took back.",
    RefundReason.RELEASE_UNDONE: "Its release to a developer was undone, and the task needs it no more.",
}


@job("notify.contribution_held", queue="mail")
def contribution_held(run: Run, contribution: int) -> None:
    """The receipt, with the link to look and withdraw, and the proof that it is in the books."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        facts = about(session, row.task_id)
        secret, site = make_link(session, LinkPurpose.CONTRIBUTION, row.email, row.id), settings.current().PUBLIC_URL
        entry, kind = entry_of(session, row), paid_from(session, row)
        assert row.captured_at is not None and row.leave_by is not None and entry is not None
        write(
            session, key=f"receipt:{row.ref}", to=row.email, subject=f"Receipt: {plain(row.money)} for {facts.name}",
            paragraphs=[
                f"Thank you. {plain(row.money)} are held for {facts.name} since {day(row.captured_at)}.",
                f"Contribution: {plain(row.money)}\nService fee, kept only if it is delivered: {plain(row.fee_money)}\n"
                f"{_vat_line(row)}"
                f"You paid: {plain(row.total)}\nReference: {row.ref}",
                facts.next_line,
                f"Not delivered by {day(row.leave_by)}? {plain(row.total)} go back to your {kind} by themselves."
                f"{_named(row)}",
                "Look at it or take it back, without an account (keep this link to yourself):\n"
                f"{site}/c/{secret}\n"
                "Your receipt for your own books, as a page and a PDF, is there too.",
                # The entry’s number stands in its address alone: the words are the same in every receipt.
                "Your payment is an entry of the public books, and within a minute it is sealed: nobody can change it "
                f"unnoticed then. Its proof: {site}/api/v1/ledger/entries/{entry}/proof\n"
                "The receipt file, with the part that only you may see, is on the page above.",
                f"The task: {facts.url}",
            ],
        )  # fmt: skip
        run.done(session)


def _named(contribution: Contribution) -> str:
    if not contribution.kept_cost or contribution.captured_at is None:
        return ""
    days = cooling_off(contribution)
    until = f"Until {day(contribution.captured_at + days)} you can take all of it back yourself; later" if days else ""
    what = f"{plain(contribution.kept_money)} of it are kept for what processing the payment cost, as said before"
    return f" {until or 'If you take it back yourself,'} {what} you paid."


def _kept(kept: Money) -> str:
    return f" {plain(kept)} of processing cost are kept, as said when you paid." if kept else ""


def _vat_line(contribution: Contribution) -> str:
    if not contribution.vat:
        return ""
    return f"VAT on the fee ({written_rate(contribution.vat_rate)}): {plain(contribution.vat_money)}\n"


@job("notify.contribution_suspended", queue="mail")
def contribution_suspended(run: Run, contribution: int) -> None:
    """A payment of a wrong amount or currency is set apart."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        facts = about(session, row.task_id)
        write(
            session, key=f"suspended:{row.ref}", to=row.email, subject=f"Your payment for {facts.name} is set apart",
            paragraphs=[
                f"A payment for {facts.name} arrived, but not over the {plain(row.total)} that were agreed.",
                f"It is set apart and goes back to your {paid_from(session, row)} by itself after 7 days.",
                f"The task: {facts.url}",
            ],
        )  # fmt: skip
        run.done(session)


@job("notify.notice_given", queue="mail")
def notice_given(run: Run, contribution: int) -> None:
    """A withdrawal notice began."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        facts, kind = about(session, row.task_id), paid_from(session, row)
        if row.notice_until is not None:
            write(
                session, key=f"notice:{row.ref}:{row.notice_until.isoformat()}", to=row.email,
                subject=f"Your notice for {facts.name}",
                paragraphs=[
                    f"On {day(row.notice_until)} {plain(row.money)} and its fee go back to your {kind}, because a pull "
                    f"request stands for the task already.{_kept(row.kept_money)} If it is merged before, it is paid "
                    "as if no notice were given. You can take the notice back where you gave it: by the link in your "
                    "receipt, or signed in.",
                    facts.next_line, f"The task: {facts.url}",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.refund_asked", queue="mail")
def refund_asked(run: Run, refund: int) -> None:
    """Money is on its way back."""
    with transaction() as session:
        row = session.get_one(Refund, refund)
        contribution = session.get_one(Contribution, row.contribution_id)
        facts, kind = about(session, contribution.task_id), paid_from(session, contribution)
        write(
            session, key=f"refund:{row.ref}", to=contribution.email,
            subject=f"{plain(row.money)} go back to your {kind}",
            paragraphs=[
                f"{plain(row.money)} that you gave for {facts.name} are on their way back to the {kind} you paid with, "
                f"fee included. {_WHY[row.reason]}{_kept(row.kept_money)}",
                "Banks usually show it within 5 to 10 days.",
                "The credit note is on your contribution’s page: by the link in your receipt, or signed in.",
                f"Reference: {row.ref}", f"The task: {facts.url}",
            ],
        )  # fmt: skip
        run.done(session)


@job("notify.refund_failed", queue="mail")
def refund_failed(run: Run, refund: int) -> None:
    """Asked for by an older version; the mail is the same."""
    with transaction() as session:
        outbox.add(session, "notify.refund_unclaimed", refund=refund, number=0)
        run.done(session)
