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
from bountyhub.pages.contexts.redirecting import sent_on
from bountyhub.payouts.models import Payee, PayeeState, Share, ShareState, Transfer, TransferState, WaitReason
from bountyhub.payouts.rules import foremost
from bountyhub.people.models import Identity
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
    redirect_url: str | None = None


def payouts(session: Session, identity_ids: Sequence[int]) -> list[Payout]:
    """Shares owed to these forge accounts, newest first; five queries."""
    query = select(Share, Task.title).join(Task, Task.id == Share.task_id)
    query = query.where(Share.identity_id.in_(identity_ids)).order_by(Share.id.desc()).limit(100)
    rows = session.execute(query).all()
    why, names = reasons(session, [share for share, _ in rows]), sent_on(session, [share.id for share, _ in rows])
    ready = ready_identities(session, identity_ids)
    return [
        Payout(
            share.money, title, f"/tasks/{share.task_id}", share.state, words.SHARE[share.state],
            _where(why[share.id], names.get(share.id, "")), share.paid_at,
            _redirect_url(share, ready=share.identity_id in ready, sent_on=share.id in names),
        )
        for share, title in rows
    ]  # fmt: skip


def ready_identities(session: Session, identity_ids: Sequence[int]) -> set[int]:
    """Which of these forge accounts can be paid; one query."""
    query = select(Identity.id).join(Payee, Payee.person_id == Identity.person_id)
    return set(session.scalars(query.where(Identity.id.in_(identity_ids), Payee.state == PayeeState.READY)))


def _where(reason: str, sent_on_to: str) -> str:
    return "; ".join(part for part in (f"redirected to {sent_on_to}" if sent_on_to else "", reason) if part)


def _redirect_url(share: Share, *, ready: bool, sent_on: bool) -> str | None:
    """Where who can't be paid sends it on."""
    waits = share.state is ShareState.KEPT or (share.state is ShareState.PAYABLE and not ready)
    return f"/shares/{share.id}/redirect" if waits and not sent_on else None


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
    if share.undone_at is not None:
        sent = share.state in (ShareState.PAID, ShareState.TRANSFERRING)
        return "its release was undone" + ("; what was sent is taken back, as far as it can be" if sent else "")
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
