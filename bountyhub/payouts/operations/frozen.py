"""Shares of a contribution that its bank disputes: transfers wait, and go on or fall away when it is decided."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.freezing import is_disputed
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock
from bountyhub.ledger import accounts
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import release as booking
from bountyhub.payouts.models import Share, ShareState, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations.owners import payee_of
from bountyhub.payouts.operations.shares import came_back, move_share, plan_transfers, say_anew
from bountyhub.payouts.operations.taking_back import bring_home, shares_of
from bountyhub.payouts.operations.transfers import UNSENT, send_later
from bountyhub.payouts.rules import ShareEvent
from bountyhub.people.operations import CLOCK


def hold_transfers(session: Session, contribution: Contribution) -> None:
    """What isn't sent of a contribution waits, with this reason; its row is locked by the caller."""
    for share in shares_of(session, contribution):
        for transfer in _unsent(session, share, contribution):
            transfer.state, transfer.wait_reason = TransferState.WAITING, WaitReason.DISPUTE
            say_anew(session, share)


def was_transferred(session: Session, contribution: Contribution) -> bool:
    """Whether anything of a contribution went to a payee, or may have."""
    query = select(Transfer.id).where(Transfer.contribution_id == contribution.id, Transfer.state.not_in(UNSENT))
    return session.scalars(query.limit(1)).first() is not None


def let_go(session: Session, contribution: Contribution) -> None:
    """It is decided: what the books have of each share out of this contribution goes on, and what they don't falls.

    What was a share's whose release was undone meanwhile is held for the task again.
    """
    if is_disputed(session, contribution.id):  # by another one
        return
    for share in shares_of(session, contribution):
        if share.undone_at is not None:
            bring_home(session, [share], CLOCK, only=[contribution.id])
            continue
        kept = ledger.balance(session, accounts.kept_for(share.ref, contribution.ref), share.currency)
        if kept and share.state is not ShareState.KEPT:
            _claim(session, share, contribution, kept)
        _refit(session, share, contribution)


def _unsent(session: Session, share: Share, contribution: Contribution) -> list[Transfer]:
    query = select(Transfer).where(
        Transfer.share_id == share.id, Transfer.contribution_id == contribution.id, Transfer.state.in_(UNSENT)
    )
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _refit(session: Session, share: Share, contribution: Contribution) -> None:
    payable = ledger.balance(session, accounts.payable(share.ref, contribution.ref), share.currency)
    for transfer in _unsent(session, share, contribution):
        if share.state is ShareState.KEPT and payable:
            _keep(session, share, contribution, payable)
            payable = 0
        if payable == 0:
            session.delete(transfer)
            continue
        transfer.amount, transfer.state, transfer.wait_reason = payable, TransferState.PLANNED, None
        send_later(session, transfer)
        say_anew(session, share)


def _claim(session: Session, share: Share, contribution: Contribution, amount: int) -> None:
    """The rest of this share was claimed while this part was frozen: so is this part."""
    payee = payee_of(session, share)
    assert payee is not None
    booking.kept_claimed(
        session, key=f"kept_claimed:{share.ref}:{share.moves}:{contribution.ref}",
        pieces=[booking.Piece(share.ref, contribution.ref, amount)], terms=[terms(contribution)],
        effective_at=clock.now(), actor="payee",
    )  # fmt: skip
    move_share(session, share, ShareEvent.THAWED, "clock")
    waits = _unsent(session, share, contribution)  # what was claimed of the rest takes this along
    if not waits and not came_back(session, share, contribution):
        plan_transfers(session, share, payee, [(contribution, amount)])


def _keep(session: Session, share: Share, contribution: Contribution, amount: int) -> None:
    """The rest of this share became unsendable while this part was frozen: so is this part."""
    booking.became_unsendable(
        session, key=f"became_unsendable:{share.ref}:{share.moves}:{contribution.ref}",
        pieces=[booking.Piece(share.ref, contribution.ref, amount, "kept_for")], terms=[terms(contribution)],
        effective_at=clock.now(), actor="clock",
    )  # fmt: skip
