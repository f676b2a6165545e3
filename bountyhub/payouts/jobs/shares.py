"""Keeps what can't be sent, and hands out what can be again."""

from __future__ import annotations

from sqlalchemy import select, union

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Contribution
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Payee, PayeeState, Redirect, Share, ShareState, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations import (
    claim_what_is_kept,
    keep_unsendable,
    lock_share,
)
from bountyhub.payouts.rules import HOLD_GRACE, UNSENDABLE
from bountyhub.people.models import Identity
from bountyhub.people.operations import CLOCK

BATCH = 20_000


@recurring("payouts.sweep_unsendable", every=600)
def sweep_unsendable(run: Run) -> None:
    """Shares that could not be sent for 14 days because of their payee's account are kept for them instead.

    So are they, and what came back, at the end of the money's life: from there it goes back to its backer.
    """
    before = clock.now() - UNSENDABLE
    waits = (Transfer.state == TransferState.WAITING) & (Transfer.wait_reason == WaitReason.ACCOUNT)
    stopped = (Transfer.state == TransferState.WAITING) & (Transfer.wait_reason == WaitReason.STOPPED)
    long = waits & (Transfer.created_at <= before) & (Transfer.not_before <= before)
    came_back = (Transfer.state == TransferState.REVERSED) & (Transfer.wait_reason == WaitReason.REVERSED)
    over = Contribution.leave_by <= clock.now()
    held = (Transfer.state == TransferState.WAITING) & (Transfer.wait_reason == WaitReason.HOLD)
    held_too_long = held & (Contribution.leave_by <= clock.now() - HOLD_GRACE)
    stuck = (
        select(Share.id)
        .join(Transfer, Transfer.share_id == Share.id)
        .join(Contribution, Contribution.id == Transfer.contribution_id)
        .where(Share.state == ShareState.PAYABLE, long | held_too_long | ((waits | stopped | came_back) & over))
        .distinct()
    )
    with reading() as session:
        due = session.scalars(stuck.limit(BATCH)).all()
    each(due, _keep)


def _keep(share_id: int) -> None:
    with transaction() as session:
        keep_unsendable(session, lock_share(session, share_id), CLOCK)


@recurring("payouts.sweep_kept", every=60)
def sweep_kept(run: Run) -> None:
    """Shares kept for somebody who can be paid: they connected while it was released, or signed in another account."""
    query = (
        select(Payee.id)
        .join(Identity, Identity.person_id == Payee.person_id)
        .join(Share, Share.identity_id == Identity.id)
        .where(Share.state == ShareState.KEPT, Payee.state == PayeeState.READY)
        .distinct()
    )
    sent_on = select(Redirect.share_id).where(Redirect.share_id == Share.id).exists()
    to_others = (
        select(Payee.id)
        .join(Redirect, Redirect.payee_id == Payee.id)
        .join(Share, Share.id == Redirect.share_id)
        .where(Share.state == ShareState.KEPT, Payee.state == PayeeState.READY)
    )
    with reading() as session:
        due = session.scalars(union(query.where(~sent_on), to_others).limit(BATCH)).all()
    each(due, _claim_kept)


def _claim_kept(payee_id: int) -> None:
    with transaction() as session:
        claim_what_is_kept(session, payee_id)
