"""Reversals of what was sent of an undone release: the intent is written, a job asks, the outcome is recorded once.

What came back is recorded with its transfer (`record_transfer`), whoever hears of it first: the job, or a webhook.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.kit import clock, ids
from bountyhub.payouts.models import Reversal, ReversalState, Transfer

OPEN = (ReversalState.PLANNED, ReversalState.ASKED, ReversalState.WAITING)


def plan_reversal(session: Session, transfer: Transfer) -> None:
    """Write down that a transfer is to be taken back, and ask for it; one on the wire is when its outcome is known."""
    row = Reversal(
        ref=ids.new_ref(), transfer_id=transfer.id, amount=transfer.amount - transfer.reversed, why="",
        state=ReversalState.PLANNED, attempt=1, try_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    send(session, row)


def send(session: Session, row: Reversal) -> None:
    """Ask for a reversal to be tried now; a waiting try of it stands for this one."""
    outbox.add(session, "payouts.reverse_transfer", key=f"reversal:{row.id}", reversal=row.id)


def reversal_of(session: Session, transfer: Transfer) -> Reversal | None:
    """The reversal of a transfer, locked; the caller holds the transfer."""
    query = select(Reversal).where(Reversal.transfer_id == transfer.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def ask_back(session: Session, transfer: Transfer) -> None:
    """A transfer that was on the wire arrived: now it is taken back."""
    row = reversal_of(session, transfer)
    if row is not None and row.state in OPEN:
        send(session, row)


def came_back_of(session: Session, transfer: Transfer) -> None:
    """(A part of) a transfer came back, whoever asked for it: with nothing left of it, its reversal is done."""
    row = reversal_of(session, transfer)
    if row is not None and transfer.reversed >= transfer.amount:
        end(row, ReversalState.DONE)


def end(row: Reversal, state: ReversalState, why: str = "") -> None:
    """A reversal is over; once over it stays so, but for one given up whose transfer came back after all."""
    row.state, row.why, row.ended_at = state, why[:60], clock.now()


def drop(session: Session, transfer: Transfer) -> None:
    """A transfer that never left: neither it nor its reversal is asked for any more."""
    row = reversal_of(session, transfer)
    if row is not None:
        session.delete(row)
        session.flush()
    session.delete(transfer)
