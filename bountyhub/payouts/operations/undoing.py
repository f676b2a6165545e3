"""Shares of a release that two operators undid: called off, and each sent piece taken back by a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.freezing import bank_has_it, bank_keeps_it
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.payouts.models import Reversal, ReversalState, Share, Transfer, TransferState
from bountyhub.payouts.operations.reversals import OPEN, end, plan_reversal
from bountyhub.payouts.operations.shares import say_anew
from bountyhub.payouts.operations.transfers import UNSENT, lock_transfer
from bountyhub.payouts.rules import RETRY_REVERSAL, may_try_again
from bountyhub.ports.reversals import ReversalOrder

#: Why a piece stays with its payee, or is waited for: the bank decides about its payment, or kept it.
DISPUTED, CHARGED_BACK = "disputed", "charged_back"


@dataclass(frozen=True)
class TakingBack:
    """A reversal whose intent is written: ask the processor for `order` under key `order.reference`."""

    order: ReversalOrder
    look_first: bool


def shares_of_claim(session: Session, claim_id: int) -> list[Share]:
    """Every share of a claim, locked; the caller holds its contributions."""
    query = select(Share).where(Share.claim_id == claim_id).order_by(Share.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def call_off(session: Session, shares: Sequence[Share]) -> None:
    """Nothing of these shares is sent any more; what was sent, or is on the wire, will be taken back."""
    for share in shares:
        share.undone_at = share.undone_at or clock.now()
        query = select(Transfer).where(Transfer.share_id == share.id).order_by(Transfer.id).with_for_update()
        for transfer in session.scalars(query.execution_options(populate_existing=True)).all():
            if transfer.state in UNSENT:
                session.delete(transfer)
                continue
            transfer.wait_reason = None
            if transfer.reversed < transfer.amount:
                plan_reversal(session, transfer)
    session.flush()


def begin_reversal(session: Session, reversal_id: int) -> TakingBack | None:
    """Write the intent of a reversal that may be asked for now; None when it may not yet, or is over.

    Raises NotFound for one that was dropped because its transfer never left.
    """
    share, transfer, row = _lock(session, reversal_id)
    if row.state is ReversalState.ASKED:
        return TakingBack(_order(transfer, row), _key_is_old(row))
    if row.state not in OPEN or transfer.state is TransferState.SENT or row.try_at > clock.now():
        return None
    if transfer.reversed >= transfer.amount:
        end(row, ReversalState.DONE)
        return None
    if bank_keeps_it(session, transfer.contribution_id):
        _give_up(session, share, transfer, row, CHARGED_BACK)
        return None
    if bank_has_it(session, transfer.contribution_id):
        _wait(session, share, transfer, row, DISPUTED)
        return None
    row.state, row.called_at, row.amount = ReversalState.ASKED, clock.real_now(), transfer.amount - transfer.reversed
    return TakingBack(_order(transfer, row), look_first=False)


def _lock(session: Session, reversal_id: int) -> tuple[Share, Transfer, Reversal]:
    """A reversal with its share and transfer, locked in the order contribution, share, transfer, reversal."""
    found = session.get(Reversal, reversal_id)
    if found is None:
        raise NotFound("No reversal of this site has that number.")
    share, transfer = lock_transfer(session, Transfer.id == found.transfer_id)
    row = session.get(Reversal, reversal_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("No reversal of this site has that number.")
    return share, transfer, row


def _order(transfer: Transfer, row: Reversal) -> ReversalOrder:
    assert transfer.processor_id is not None
    return ReversalOrder(row.reference, transfer.processor_id, Money(row.amount, transfer.currency))


def _key_is_old(row: Reversal) -> bool:
    return row.called_at is not None and clock.real_now() - row.called_at > timedelta(hours=23)


def refuse_reversal(session: Session, reversal_id: int, reference: str, why: str) -> None:
    """The processor refused: tried again each day under a new key, until it is too late and the payee keeps it.

    `reference`: what was asked; the refusal of an earlier asking says nothing of one that is on the wire by now.
    """
    share, transfer, row = _lock(session, reversal_id)
    if row.state is not ReversalState.ASKED or row.reference != reference:
        return
    row.attempt, row.called_at = row.attempt + 1, None
    _wait(session, share, transfer, row, why)


def _wait(session: Session, share: Share, transfer: Transfer, row: Reversal, why: str) -> None:
    contribution = session.get_one(Contribution, transfer.contribution_id)
    if not may_try_again(clock.now(), contribution.leave_by):
        _give_up(session, share, transfer, row, why)
        return
    if row.state is not ReversalState.WAITING and not row.why:
        audit.record(session, "stripe", "reversal_waits", "share", share.id, amount=_left(transfer), reason=why)
    row.state, row.why, row.try_at = ReversalState.WAITING, why[:60], clock.now() + RETRY_REVERSAL
    say_anew(session, share)


def _give_up(session: Session, share: Share, transfer: Transfer, row: Reversal, why: str) -> None:
    end(row, ReversalState.GIVEN_UP, why)
    audit.record(session, "stripe", "reversal_given_up", "share", share.id, amount=_left(transfer), reason=why)
    say_anew(session, share)


def _left(transfer: Transfer) -> int:
    return transfer.amount - transfer.reversed
