"""Shares of a contribution that its bank disputes: transfers wait, and go on or fall away when it is decided."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.freezing import is_disputed
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock
from bountyhub.ledger import accounts
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import release as booking
from bountyhub.payouts.models import Share, ShareState, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations.owners import payee_of
from bountyhub.payouts.operations.shares import move_share, plan_transfers, say_anew
from bountyhub.payouts.operations.transfers import UNSENT, send_later
from bountyhub.payouts.rules import ShareEvent


def hold_transfers(session: Session, contribution: Contribution) -> None:
    """What isn't sent of a contribution waits, with this reason; its row is locked by the caller."""
    for share in _shares(session, contribution):
        for transfer in _unsent(session, share, contribution):
            transfer.state, transfer.wait_reason = TransferState.WAITING, WaitReason.DISPUTE
            say_anew(session, share)


def was_transferred(session: Session, contribution: Contribution) -> bool:
    """Whether anything of a contribution went to a payee, or may have."""
    query = select(Transfer.id).where(Transfer.contribution_id == contribution.id, Transfer.state.not_in(UNSENT))
    return session.scalars(query.limit(1)).first() is not None


def let_go(session: Session, contribution: Contribution) -> None:
    """It is decided: what the books have of each share out of this contribution goes on, and what they don't falls."""
    if is_disputed(session, contribution.id):  # by another one
        return
    for share in _shares(session, contribution):
        kept = ledger.balance(session, accounts.kept_for(share.ref, contribution.ref), share.currency)
        if kept and share.state is not ShareState.KEPT:
            _claim(session, share, contribution, kept)
        _refit(session, share, contribution)


def take_back(session: Session, contribution: Contribution, taken: Mapping[str, int]) -> None:
    """So much of each share (by its ref) is its payee's no more: the bank, or the backer, has it."""
    for share in _shares(session, contribution):
        amount = taken.get(share.ref, 0)
        if not amount:
            continue
        audit.record(session, "stripe", "share_taken_back", "share", share.id, amount=amount)
        if _is_all(session, share, contribution):
            sent = _sent_in_part(session, share)
            share.amount -= amount if sent else 0
            gone = move_share(session, share, ShareEvent.REST_TAKEN_BACK if sent else ShareEvent.TAKEN_BACK, "stripe")
            share.paid_at = clock.now() if gone and sent else share.paid_at
        else:
            share.amount -= amount
        say_anew(session, share)


def _shares(session: Session, contribution: Contribution) -> list[Share]:
    """Every share that ever drew on a contribution, locked."""
    refs = ledger.owners_of(session, contribution.ref, ("payable", "kept_for", "holdback"))
    query = select(Share).where(Share.ref.in_(refs)).order_by(Share.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


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
    plan_transfers(session, share, payee, [(contribution, amount)])


def _keep(session: Session, share: Share, contribution: Contribution, amount: int) -> None:
    """The rest of this share became unsendable while this part was frozen: so is this part."""
    booking.became_unsendable(
        session, key=f"became_unsendable:{share.ref}:{share.moves}:{contribution.ref}",
        pieces=[booking.Piece(share.ref, contribution.ref, amount, "kept_for")], terms=[terms(contribution)],
        effective_at=clock.now(), actor="clock",
    )  # fmt: skip


def _is_all(session: Session, share: Share, contribution: Contribution) -> bool:
    """Whether nothing of a share waits anywhere any more, once this contribution's part is gone."""
    left = [kind for kind in ("payable", "kept_for", "holdback") if ledger.pieces_of_share(session, share.ref, kind)]
    query = select(Transfer.id).where(
        Transfer.share_id == share.id, Transfer.contribution_id != contribution.id,
        Transfer.state.not_in((TransferState.CONFIRMED, TransferState.REVERSED)),
    )  # fmt: skip
    return not left and session.scalars(query.limit(1)).first() is None


def _sent_in_part(session: Session, share: Share) -> bool:
    stayed = Transfer.state.in_((TransferState.CONFIRMED, TransferState.REVERSED, TransferState.SENT))
    query = select(Transfer.id).where(Transfer.share_id == share.id, stayed, Transfer.reversed < Transfer.amount)
    return session.scalars(query.limit(1)).first() is not None
