"""What the operator's pages of disputes show, and the evidence pack: written from what is stored, by nobody's hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.models import Contribution, Dispute, Refund
from bountyhub.funding.operations.evidence import can_answer
from bountyhub.funding.operations.freezing import frozen_of
from bountyhub.funding.operations.origin import payment_of
from bountyhub.funding.rules_disputes import MAY_BE_DISPUTED
from bountyhub.kit import clock
from bountyhub.kit.money import Money, plain
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts.models import Transfer, TransferState
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim


@dataclass(frozen=True)
class Exposure:
    """One currency: what open disputes are of, and what was paid out of payments that can still be charged back."""

    currency: str
    disputed: Money
    at_risk: Money


@dataclass(frozen=True)
class Overview:
    """The list."""

    disputes: list[Dispute]
    exposure: list[Exposure]


@dataclass(frozen=True)
class Detail:
    """One of them."""

    dispute: Dispute
    task_id: int
    frozen: Money
    pack: str
    can_answer: bool


def overview(session: Session) -> Overview:
    """Open ones first, by their last day; five queries at most."""
    query = select(Dispute).order_by(Dispute.ended_at.is_not(None), Dispute.due_by, Dispute.id.desc()).limit(200)
    disputed = _sums(session, select(Dispute.currency, func.sum(Dispute.amount)).where(Dispute.ended_at.is_(None))
                     .group_by(Dispute.currency))  # fmt: skip
    recent = Contribution.captured_at >= clock.now() - MAY_BE_DISPUTED
    sent = Transfer.state.in_((TransferState.CONFIRMED, TransferState.SENT))
    paid = _sums(session, select(Transfer.currency, func.sum(Transfer.amount - Transfer.reversed))
                 .join(Contribution, Contribution.id == Transfer.contribution_id)
                 .where(recent, sent).group_by(Transfer.currency))  # fmt: skip
    exposure = [
        Exposure(name, Money(disputed.get(name, 0), name), Money(paid.get(name, 0), name))
        for name in sorted(set(disputed) | set(paid))
    ]
    return Overview(list(session.scalars(query)), exposure)


def _sums(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in session.execute(query)}


def detail(session: Session, dispute: Dispute) -> Detail:
    """One dispute; its pack is the submitted one, or what would be submitted now."""
    contribution = session.get_one(Contribution, dispute.contribution_id)
    return Detail(
        dispute, contribution.task_id, Money(frozen_of(session, dispute), dispute.currency),
        dispute.evidence or pack(session, dispute), can_answer(dispute),
    )  # fmt: skip


def pack(session: Session, dispute: Dispute) -> str:
    """Task, payment, consent, work and mails, as text for the bank."""
    contribution = session.get_one(Contribution, dispute.contribution_id)
    task = session.get_one(Task, contribution.task_id)
    name = session.get_one(Repository, task.repository_id).full_name
    payment, base = payment_of(session, contribution), settings.current().PUBLIC_URL
    lines = [
        f"The payment: {plain(contribution.money)} for a task and a fee of {plain(contribution.fee_money)}, in all "
        f"{plain(contribution.total)}, captured {_at(contribution.captured_at)} as {payment.charge}.",
        f"Paid for: the improvement “{task.title}” of the free software {name} (issue #{task.issue_number}), "
        f"{base}/tasks/{task.id}. The money is held for the task and released when a maintainer merges the work.",
        f"Consent: before paying, the backer agreed to the terms in version {contribution.terms_version}, on "
        f"{_at(contribution.created_at)}; amount, fee and total were shown before the card was typed.",
    ]
    return "\n\n".join(lines + _work(session, task) + _mails(session, contribution))


def _work(session: Session, task: Task) -> list[str]:
    query = select(Claim).where(Claim.task_id == task.id, Claim.merged_at.is_not(None)).order_by(Claim.id)
    return [
        f"Delivered: pull request “{claim.title}”, {claim.url}, merged {_at(claim.merged_at)}."
        for claim in session.scalars(query)
    ] or ["No work was merged for this task yet; the backer can take the money back on its page."]


def _mails(session: Session, contribution: Contribution) -> list[str]:
    """Those to the backer whose occasion is this contribution or a refund of it; texts are forgotten once sent."""
    if not contribution.email:
        return []
    refunds = session.scalars(select(Refund.ref).where(Refund.contribution_id == contribution.id))
    occasions = [OutgoingMail.key.contains(f":{ref}:", autoescape=True) for ref in (contribution.ref, *refunds)]
    query = select(OutgoingMail).where(
        OutgoingMail.to == contribution.email, or_(*occasions), OutgoingMail.sent_at.is_not(None)
    ).order_by(OutgoingMail.id)  # fmt: skip
    return [f"Mail to the backer, {_at(mail.sent_at)}: {mail.subject}" for mail in session.scalars(query.limit(50))]


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
