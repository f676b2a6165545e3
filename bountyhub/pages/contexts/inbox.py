"""What needs its reader's action: a payout account to connect, claims to decide, windows to object in, lost refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState, Refund, RefundState
from bountyhub.funding.rules import REMINDERS
from bountyhub.kit import clock
from bountyhub.kit.money import short, total
from bountyhub.ledger.models import Account
from bountyhub.pages.contexts.claims import ClaimView
from bountyhub.pages.contexts.payee import PayeeView
from bountyhub.pages.contexts.payouts import Payout
from bountyhub.pages.contexts.viewer import Viewer
from bountyhub.payouts.models import PayeeState, ShareState
from bountyhub.projects.models import Repository, Role
from bountyhub.projects.rules import MAINTAIN, WRITE
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState
from bountyhub.work.next_step import day

MOST = 20


@dataclass(frozen=True)
class InboxItem:
    """One thing to do; `post` when its button posts."""

    title: str
    detail: str
    url: str
    label: str
    post: bool = False


def inbox(
    session: Session, reader: Viewer, payee: PayeeView, earned: Sequence[Payout], mine: Sequence[ClaimView]
) -> list[InboxItem]:
    """Everything that waits for this person, the most pressing first; six queries."""
    return [
        *_account(payee, earned, mine, bool(reader.identity_ids)),
        *_to_settle(session, reader),
        *_to_confirm(session, reader),
        *_to_watch(session, reader),
        *_refunds(session, reader),
        *_ending(session, reader),
        *_to_open(session, reader),
    ]


def _account(
    payee: PayeeView, earned: Sequence[Payout], mine: Sequence[ClaimView], has_forge_account: bool
) -> list[InboxItem]:
    if payee.bank_note:
        detail = "The money lies in your account at the payment provider, which tries again once they are right."
        return [InboxItem(payee.bank_note, detail, "/me/payout-account", "Mend them", post=True)]
    if payee.state is PayeeState.READY and payee.deadline is not None and payee.needs:
        title = f"The payment provider asks for more by {day(payee.deadline)}"
        return [InboxItem(title, " ".join(payee.needs), "/me/payout-account", "Go on", post=True)]
    if payee.state is PayeeState.READY or not has_forge_account:
        return []
    if payee.state is PayeeState.UNPAYABLE or payee.refused:
        return _to_send_on(earned)
    kept = [payout for payout in earned if payout.state in (ShareState.KEPT, ShareState.PAYABLE)]
    label = "Go on" if payee.connected else "Connect"
    url = "/me#payee" if payee.asks_country else "/me/payout-account"
    if kept:
        sums = [short(total((p.amount for p in kept if p.amount.currency == c), c)) for c in _currencies(kept)]
        title = f"Connect a payout account: {' and '.join(sums)} wait for you"
        detail = "It is sent as soon as the payment provider says that you can be paid."
        return [InboxItem(title, detail, url, label, post=not payee.asks_country)]
    if any(claim.state in (ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW) for claim in mine):
        title = "Connect a payout account before your pull request is merged"
        detail = "Its merge box then says that you are paid at once; without one the money is kept for you."
        return [InboxItem(title, detail, url, label, post=not payee.asks_country)]
    return []


def _to_send_on(earned: Sequence[Payout]) -> list[InboxItem]:
    """Money of somebody who can't be paid: theirs to send on."""
    return [
        InboxItem(
            f"Choose where {short(payout.amount)} for “{payout.task_title}” go",
            "You can’t be paid here, so send it to the project or to a charity; else it goes back to its backers.",
            payout.redirect_url, "Choose",
        )
        for payout in earned if payout.redirect_url
    ]  # fmt: skip


def _currencies(kept: Sequence[Payout]) -> list[str]:
    return sorted({payout.amount.currency for payout in kept})


def _decided_by(session: Session, reader: Viewer, condition: ColumnElement[bool]) -> list[Claim]:
    """Claims in repositories where the reader decides, on whose author side they are not."""
    query = (
        select(Claim)
        .join(Role, Role.repository_id == Claim.repository_id)
        .where(Role.person_id == reader.person_id, Role.permission >= MAINTAIN, condition)
        .order_by(Claim.until, Claim.id)
    )
    return [claim for claim in session.scalars(query.limit(MOST)) if not reader.on_author_side(claim)]


def _to_settle(session: Session, reader: Viewer) -> list[InboxItem]:
    objected = select(Objection.claim_id).where(Objection.state == ObjectionState.OPEN)
    return [
        InboxItem(
            f"Settle the objection to #{claim.pull_number} “{claim.title}”",
            f"Without a decision by {day(claim.until)} the facts decide." if claim.until else "A part is set aside.",
            f"/claims/{claim.id}", "Read it",
        )
        for claim in _decided_by(session, reader, Claim.id.in_(objected))
    ]  # fmt: skip


def _to_confirm(session: Session, reader: Viewer) -> list[InboxItem]:
    return [
        InboxItem(
            f"Did #{claim.pull_number} “{claim.title}” deliver its task?",
            f"It was merged before the link was shown: nothing is paid unless you confirm it by {_by(claim)}.",
            f"/claims/{claim.id}", "Decide",
        )
        for claim in _decided_by(session, reader, Claim.state == ClaimState.LATE)
    ]  # fmt: skip


def _by(claim: Claim) -> str:
    return day(claim.until) if claim.until else "its day"


def _to_watch(session: Session, reader: Viewer) -> list[InboxItem]:
    """Windows in which the reader, as a backer, may object."""
    query = (
        select(Claim)
        .join(Contribution, Contribution.task_id == Claim.task_id)
        .where(Claim.state == ClaimState.WINDOW, Contribution.person_id == reader.person_id)
        .where(Contribution.state == ContributionState.HELD, Contribution.captured_at <= Claim.merged_at)
        .distinct()
        .order_by(Claim.id)
    )
    return [
        InboxItem(
            f"#{claim.pull_number} “{claim.title}” was merged: is it what you funded?",
            f"You can object until {_by(claim)}; without objections the developer is paid then.",
            f"/claims/{claim.id}", "Look at it",
        )
        for claim in session.scalars(query.limit(MOST))
        if not reader.on_author_side(claim)
    ]  # fmt: skip


def _refunds(session: Session, reader: Viewer) -> list[InboxItem]:
    query = select(Refund).join(Contribution, Contribution.id == Refund.contribution_id)
    query = query.where(Contribution.person_id == reader.person_id, Refund.state == RefundState.FAILED)
    return [
        InboxItem(
            f"Your bank refused {short(refund.money)}",
            "They are still yours: name a bank account, and the operator sends them there.",
            f"/contributions/{refund.contribution_id}/other-way", "Name an account",
        )
        for refund in session.scalars(query.order_by(Refund.id).limit(MOST))
    ]  # fmt: skip


def _ending(session: Session, reader: Viewer) -> list[InboxItem]:
    """Held money that goes back within thirty days: it can be paid anew, or moved."""
    now = clock.now()
    query = (
        select(Contribution, Task.title)
        .join(Task, Task.id == Contribution.task_id)
        .join(Account, (Account.contribution == Contribution.ref) & (Account.kind == "escrow") & (Account.balance != 0))
        .where(Contribution.person_id == reader.person_id, Contribution.state == ContributionState.HELD)
        .where(Contribution.notice_until.is_(None), Task.state == TaskState.OPEN)
        .where(Contribution.leave_by > now, Contribution.leave_by <= now + timedelta(days=max(REMINDERS)))
        .order_by(Contribution.leave_by)
    )
    return [
        InboxItem(
            f"{short(contribution.total)} for “{title}” go back to you on {day(contribution.leave_by)}",
            "Money is held for a limited time. Pay anew to leave it there longer, move it, or just wait.",
            f"/contributions/{contribution.id}", "Look at it",
        )
        for contribution, title in session.execute(query.limit(MOST))
        if contribution.leave_by is not None
    ]  # fmt: skip


def _to_open(session: Session, reader: Viewer) -> list[InboxItem]:
    """Wanted tasks that the reader may open to funding."""
    query = (
        select(Task, Repository)
        .join(Repository, Repository.id == Task.repository_id)
        .join(Role, Role.repository_id == Repository.id)
        .where(Role.person_id == reader.person_id, Role.permission >= WRITE)
        .where(Task.state == TaskState.WANTED, Repository.installation_id.is_not(None))
        .order_by(Task.id)
    )
    return [_open_item(row) for row in session.execute(query.limit(MOST))]


def _open_item(row: Row[Task, Repository]) -> InboxItem:
    task, repository = row
    title = f"People want “{task.title}” ({repository.full_name} #{task.issue_number})"
    return InboxItem(title, "Opened to funding, it takes money; what is merged stays yours to say.",
                     f"/tasks/{task.id}", "Decide")  # fmt: skip
