"""What somebody has earned: each share with where it is and the exact reason of each wait; and their payout account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.kit import clock
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account
from bountyhub.pages.contexts import words
from bountyhub.payouts.models import Payee, PayeeState, Share, ShareState, Transfer, TransferState, WaitReason
from bountyhub.payouts.rules import foremost
from bountyhub.tasks.models import Task
from bountyhub.work.next_step import day, moment


@dataclass(frozen=True)
class Payout:
    """One share of the reader."""

    amount: Money
    task_title: str
    task_url: str
    state: ShareState
    state_label: str
    reason: str
    at: datetime | None


@dataclass(frozen=True)
class PayeeView:
    """The reader's payout account; `connect_url` is posted to while something is to be done there."""

    connected: bool
    state: PayeeState | None
    state_label: str
    note: str
    country: str
    currency: str
    connect_url: str | None
    dashboard_url: str | None = None


def payouts(session: Session, identity_ids: Sequence[int]) -> list[Payout]:
    """Shares owed to these forge accounts, newest first; three queries."""
    query = select(Share, Task.title).join(Task, Task.id == Share.task_id)
    query = query.where(Share.identity_id.in_(identity_ids)).order_by(Share.id.desc()).limit(100)
    rows = session.execute(query).all()
    why = reasons(session, [share for share, _ in rows])
    return [
        Payout(
            share.money, title, f"/tasks/{share.task_id}", share.state, words.SHARE[share.state], why[share.id],
            share.paid_at,
        )
        for share, title in rows
    ]  # fmt: skip


def reasons(session: Session, shares: Sequence[Share]) -> dict[int, str]:
    """Why each share isn't paid yet, empty where nothing is in its way; two queries."""
    waits: dict[int, list[Transfer]] = defaultdict(list)
    unsent = [TransferState.PLANNED, TransferState.WAITING, TransferState.REVERSED]
    holds: dict[int, datetime | None] = {}
    query = select(Transfer, Payee.holds_until).outerjoin(Payee, Payee.id == Transfer.payee_id)
    query = query.where(Transfer.share_id.in_([s.id for s in shares]), Transfer.state.in_(unsent))
    for transfer, holds_until in session.execute(query.order_by(Transfer.id)):
        waits[transfer.share_id].append(transfer)
        holds[transfer.share_id] = holds_until
    lives = _lives(session, [share.ref for share in shares])
    return {share.id: _reason(share, waits[share.id], lives.get(share.ref), holds.get(share.id)) for share in shares}


def _reason(
    share: Share, transfers: Sequence[Transfer], keep_until: datetime | None, holds_until: datetime | None
) -> str:
    if share.state is ShareState.KEPT:
        until = f" until {day(keep_until)}" if keep_until else ""
        return f"kept{until}: connect a payout account and it is sent"
    waiting = [transfer for transfer in transfers if transfer.wait_reason]
    if not waiting:
        return ""
    reason = WaitReason(foremost([t.wait_reason for t in waiting if t.wait_reason]))
    if reason is WaitReason.HOLD and holds_until is not None:
        return f"{words.WAIT[reason]}; leaves on {moment(max(holds_until, *(t.not_before for t in waiting)))}"
    if reason in (WaitReason.FRESH, WaitReason.CALLABLE):
        return f"{words.WAIT[reason]}; leaves on {day(max(t.not_before for t in waiting))}"
    return words.WAIT[reason]


def _lives(session: Session, share_refs: Sequence[str]) -> dict[str, datetime]:
    query = (
        select(Account.owner, func.min(Contribution.leave_by))
        .join(Contribution, Contribution.ref == Account.contribution)
        .where(Account.kind == "kept_for", Account.owner.in_(share_refs), Account.balance != 0)
        .group_by(Account.owner)
    )
    return {str(owner): moment for owner, moment in session.execute(query) if moment is not None}


def payee_view(session: Session, person_id: int, *, has_forge_account: bool) -> PayeeView:
    """The payout account of a person; one query."""
    payee = session.scalars(select(Payee).where(Payee.person_id == person_id)).first()
    url = "/me/payout-account"
    if payee is None or payee.account is None:
        return PayeeView(False, None, "", "" if has_forge_account else NO_FORGE_ACCOUNT, "", "", url)
    ready = payee.state is PayeeState.READY
    return PayeeView(
        connected=True, state=payee.state, state_label=words.PAYEE[payee.state], note=_note(payee),
        country=payee.country, currency=payee.currency, connect_url=None if ready else url,
    )  # fmt: skip


NO_FORGE_ACCOUNT = "Money is earned by merged pull requests: connect your GitHub account first."


def _note(payee: Payee) -> str:
    if payee.holds_until is not None and clock.now() < payee.holds_until:
        return f"It is new, or its bank account was changed: nothing is sent before {moment(payee.holds_until)}."
    if payee.state is PayeeState.READY:
        return "Your pull requests show that you can be paid."
    missing = len(payee.requirements)
    if payee.state is PayeeState.RESTRICTED:
        return f"The payment provider asks for {missing or 'something'} more before it can send you money."
    if payee.state is PayeeState.GONE:
        return "This account was disconnected at the payment provider. What you earn is kept; connect another one."
    return "The form at the payment provider is not finished yet."
