"""What somebody has earned: each share with where it is and the exact reason of each wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account
from bountyhub.pages.contexts import words
from bountyhub.payouts.models import Payee, Share, ShareState, Transfer, TransferState, WaitReason
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
