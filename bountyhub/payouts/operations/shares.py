"""Shares: owing one, keeping it for somebody who can't be paid yet, paying it when they come, or giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.origin import payment_of
from bountyhub.funding.operations.refunds import return_kept, terms
from bountyhub.kit import clock, ids
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import release as booking
from bountyhub.ledger.refund import SharePart
from bountyhub.payouts.models import Payee, Share, ShareState, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations.owners import goes_to
from bountyhub.payouts.pacing import planned_at
from bountyhub.payouts.rules import Freshness, ShareEvent, fresh_for, leaves_at, next_state
from bountyhub.people.models import Identity
from bountyhub.people.operations import Actor
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_tasks

#: What nobody else tells the task about.
_SAID_ANEW = (ShareEvent.REFUSED, ShareEvent.UNSENDABLE, ShareEvent.SENT_IN_PART)


@dataclass(frozen=True)
class Owed:
    """One piece of a share: so much (minor units) out of one contribution."""

    contribution: Contribution
    amount: int


def owe_share(
    session: Session, *, task: Task, claim_id: int, payee: Identity, payable: bool, pieces: Sequence[Owed]
) -> Share:
    """Write a share: payable when its payee can be paid, else kept. The caller books it and calls `plan_shares`."""
    share = Share(
        ref=ids.new_ref(), task_id=task.id, claim_id=claim_id, identity_id=payee.id,
        amount=sum(piece.amount for piece in pieces), currency=task.currency,
        state=ShareState.PAYABLE if payable else ShareState.KEPT, created_at=clock.now(),
    )  # fmt: skip
    session.add(share)
    session.flush()
    return share


def plan_shares(session: Session, shares: Sequence[tuple[Share, Payee | None, Sequence[Owed]]]) -> None:
    """The transfers of one release, once all of its shares are there: how long they wait depends on their sum."""
    behind = 0
    for share, payee, pieces in shares:
        if payee is not None:
            plan_transfers(session, share, payee, [(piece.contribution, piece.amount) for piece in pieces], behind)
            behind += len(pieces)


def plan_transfers(
    session: Session, share: Share, payee: Payee, pieces: Sequence[tuple[Contribution, int]], behind: int = 0
) -> None:
    """One transfer per contribution, each drawn from its own charge, each with the job that sends it in its turn."""
    fresh = _fresh(session, share)
    for index, (contribution, amount) in enumerate(pieces, behind):
        payment = payment_of(session, contribution)
        assert contribution.captured_at is not None
        transfer = Transfer(
            ref=ids.new_ref(), share_id=share.id, contribution_id=contribution.id, payee_id=payee.id, amount=amount,
            currency=share.currency, state=TransferState.PLANNED, created_at=clock.now(),
            not_before=leaves_at(contribution.captured_at, payment.available_on, fresh, payment.callable_until),
        )  # fmt: skip
        session.add(transfer)
        session.flush()
        outbox.add(session, "payouts.send_transfer", run_at=planned_at(index), transfer=transfer.id)


def _fresh(session: Session, share: Share) -> timedelta:
    """How long money of this share's release is fresh."""
    ours = settings.current()
    task = session.get_one(Task, share.task_id)
    made_at = session.get_one(Repository, task.repository_id).forge_created_at
    claim = select(func.coalesce(func.sum(Share.amount), 0)).where(Share.claim_id == share.claim_id)
    rule = Freshness(
        days=ours.FRESH_DAYS, long_days=ours.FRESH_DAYS_LONG, limit=ours.FRESH_LIMIT.get(share.currency),
        young=timedelta(days=ours.YOUNG_REPOSITORY_DAYS),
    )  # fmt: skip
    return fresh_for(rule, int(session.scalar(claim) or 0), made_at, clock.now())


def kept_pieces(session: Session, share: Share) -> list[tuple[Contribution, int]]:
    """What is still kept of a share, contribution by contribution, in contribution order; rows locked."""
    amounts = dict(ledger.pieces_of_share(session, share.ref, "kept_for"))
    query = select(Contribution).where(Contribution.ref.in_(amounts)).order_by(Contribution.id).with_for_update()
    return [(contribution, amounts[contribution.ref]) for contribution in session.scalars(query)]


def claim_kept(session: Session, payee: Payee, identity_ids: Sequence[int]) -> None:
    """Everything kept for these forge accounts becomes payable: their person can be paid now."""
    query = select(Share).where(goes_to(payee, identity_ids), Share.state == ShareState.KEPT)
    query = query.order_by(Share.task_id, Share.id)
    kept = session.scalars(query).all()
    if not kept:
        return
    lock_tasks(session, {share.task_id for share in kept})
    _lock_money(session, kept)
    # Whoever had the locks may have sent one on meanwhile.
    still = query.where(Share.id.in_([share.id for share in kept])).execution_options(populate_existing=True)
    for share in session.scalars(still).all():
        pieces = kept_pieces(session, share)
        if pieces and all(lives(contribution) for contribution, _ in pieces):
            claim_share(session, share, payee, pieces, f"person:{payee.person_id}")


def _lock_money(session: Session, kept: Sequence[Share]) -> None:
    """Every contribution of all of them, before the first booking takes the account of earned fees."""
    refs = [ref for share in kept for ref, _ in ledger.pieces_of_share(session, share.ref, "kept_for")]
    session.execute(
        select(Contribution.id).where(Contribution.ref.in_(refs)).order_by(Contribution.id).with_for_update()
    )


def lives(contribution: Contribution) -> bool:
    """Money whose life is over goes back: claimed once more, it would circle between its payee and their account."""
    return contribution.leave_by is None or clock.now() < contribution.leave_by


def claim_share(
    session: Session, share: Share, payee: Payee, pieces: list[tuple[Contribution, int]], actor: str
) -> None:
    """What is kept of a share becomes payable to an account, and is sent there; its rows are locked."""
    booking.kept_claimed(
        session, key=f"kept_claimed:{share.ref}:{share.moves}",
        pieces=[booking.Piece(share.ref, contribution.ref, amount) for contribution, amount in pieces],
        terms=[terms(contribution) for contribution, _ in pieces], effective_at=clock.now(),
        actor="payee",
    )  # fmt: skip
    move_share(session, share, ShareEvent.CLAIMED, actor)
    plan_transfers(session, share, payee, [piece for piece in pieces if not came_back(session, share, piece[0])])
    outbox.add(session, "work.share_claimed", key=f"claimed:{share.id}", share=share.id)


def came_back(session: Session, share: Share, contribution: Contribution) -> bool:
    """Whether a share's transfer out of a contribution came back: claimed anew, it waits for its end as before."""
    query = select(Transfer).where(
        Transfer.share_id == share.id, Transfer.contribution_id == contribution.id,
        Transfer.state == TransferState.REVERSED,
    )  # fmt: skip
    transfer = session.scalars(query.with_for_update()).first()
    if transfer is not None:
        transfer.wait_reason = WaitReason.REVERSED
    return transfer is not None


def move_share(session: Session, share: Share, event: ShareEvent, actor: str) -> bool:
    """Take a share through its table; False where the event says nothing new."""
    after = next_state(share.state, event)
    if after is None:
        return False
    audit.record(session, actor, f"share_{event}", "share", share.id, old=share.state, new=after)
    share.state, share.moves = ShareState(after), share.moves + 1
    if event in _SAID_ANEW:
        say_anew(session, share)
    return True


def say_anew(session: Session, share: Share) -> None:
    """Where a share's money is changed: comment and check run still say the old place."""
    outbox.add(session, "work.share_moved", key=f"moved:{share.id}", share=share.id)


def lapse_kept(session: Session, share: Share, contribution: Contribution, actor: Actor) -> bool:
    """One contribution's kept or held-back part goes back to its backer: its life is over. Whether there was anything.

    The share becomes smaller by it; one that is gone altogether keeps its amount, as what was returned.
    """
    place: Literal["kept_for", "holdback"] = "holdback" if share.state is ShareState.HELD_BACK else "kept_for"
    amounts = dict(ledger.pieces_of_share(session, share.ref, place))
    amount = amounts.get(contribution.ref, 0)
    if amount == 0:
        return False
    return_kept(session, contribution, SharePart(share.ref, place, amount), actor)
    sent = _sent_in_part(session, share)
    if sent or len(amounts) > 1:
        share.amount -= amount
    if len(amounts) == 1:
        move_share(session, share, ShareEvent.REST_LAPSED if sent else ShareEvent.RETURNED, actor.name)
    return True


def _sent_in_part(session: Session, share: Share) -> bool:
    """Whether something of a share reached its payee (and stayed there) before the rest became unsendable."""
    stayed = Transfer.state.in_([TransferState.CONFIRMED, TransferState.REVERSED])
    query = select(Transfer.id).where(Transfer.share_id == share.id, stayed, Transfer.reversed < Transfer.amount)
    return session.scalars(query.limit(1)).first() is not None


def lock_share(session: Session, share_id: int) -> Share:
    """A share, locked after the contributions its transfers draw from."""
    of_share = select(Transfer.contribution_id).where(Transfer.share_id == share_id)
    session.execute(
        select(Contribution.id).where(Contribution.id.in_(of_share)).order_by(Contribution.id).with_for_update()
    )
    return session.get_one(Share, share_id, with_for_update=True, populate_existing=True)


def keep_unsendable(session: Session, share: Share, actor: Actor) -> None:
    """A share that could not be sent for 14 days is kept for its payee; its unsent transfers are dropped."""
    pieces = _unsendable(session, share)
    if not pieces:
        return
    booking.became_unsendable(
        session, key=f"became_unsendable:{share.ref}:{share.moves}",
        pieces=[booking.Piece(share.ref, contribution.ref, amount, "kept_for") for contribution, amount in pieces],
        terms=[terms(contribution) for contribution, _ in pieces], effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    move_share(session, share, ShareEvent.UNSENDABLE, actor.name)


def _unsendable(session: Session, share: Share) -> list[tuple[Contribution, int]]:
    """What of a share is payable and not on the wire, contribution by contribution; nobody sends it any more."""
    states = [TransferState.PLANNED, TransferState.WAITING, TransferState.REVERSED]
    unsent = select(Transfer).where(Transfer.share_id == share.id, Transfer.state.in_(states))
    amounts = dict(ledger.pieces_of_share(session, share.ref, "payable"))
    pieces = []
    unsent = unsent.where(Transfer.wait_reason.is_distinct_from(WaitReason.DISPUTE))
    for transfer in session.scalars(unsent.order_by(Transfer.contribution_id).with_for_update()).all():
        contribution = session.get_one(Contribution, transfer.contribution_id)
        if contribution.ref in amounts:
            pieces.append((contribution, amounts[contribution.ref]))
        if transfer.state is not TransferState.REVERSED:
            session.delete(transfer)
        elif contribution.ref in amounts:  # what is frozen of it is looked at again once it thaws
            transfer.wait_reason = None
    return pieces
