"""What is a payee's no more: the bank or the backer has it, or its release was undone. Called by work and payouts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock, ids
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import release as booking
from bountyhub.payouts.models import Share, Transfer, TransferState
from bountyhub.payouts.operations.shares import move_share, say_anew
from bountyhub.payouts.rules import ShareEvent
from bountyhub.people.operations import Actor

#: Where a share's money may lie.
PLACES: tuple[booking.Into, ...] = get_args(booking.Into)


def shares_of(session: Session, contribution: Contribution) -> list[Share]:
    """Every share that ever drew on a contribution, locked."""
    refs = ledger.owners_of(session, contribution.ref, PLACES)
    query = select(Share).where(Share.ref.in_(refs)).order_by(Share.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def take_back(session: Session, contribution: Contribution, taken: Mapping[str, int], actor: str = "stripe") -> None:
    """So much of each share (by its ref) is its payee's no more."""
    for share in shares_of(session, contribution):
        amount = taken.get(share.ref, 0)
        if not amount:
            continue
        audit.record(session, actor, "share_taken_back", "share", share.id, amount=amount)
        if _is_all(session, share, contribution):
            sent = _sent_in_part(session, share)
            share.amount -= amount if sent else 0
            gone = move_share(session, share, ShareEvent.REST_TAKEN_BACK if sent else ShareEvent.TAKEN_BACK, actor)
            share.paid_at = clock.now() if gone and sent else share.paid_at
        else:
            share.amount -= amount
        say_anew(session, share)


def _is_all(session: Session, share: Share, contribution: Contribution) -> bool:
    """Whether nothing of a share waits anywhere any more, once this contribution's part is gone."""
    left = [kind for kind in PLACES if ledger.pieces_of_share(session, share.ref, kind)]
    query = select(Transfer.id).where(
        Transfer.share_id == share.id, Transfer.contribution_id != contribution.id,
        Transfer.state.not_in((TransferState.CONFIRMED, TransferState.REVERSED)),
    )  # fmt: skip
    return not left and session.scalars(query.limit(1)).first() is None


def _sent_in_part(session: Session, share: Share) -> bool:
    stayed = Transfer.state.in_((TransferState.CONFIRMED, TransferState.REVERSED, TransferState.SENT))
    query = select(Transfer.id).where(Transfer.share_id == share.id, stayed, Transfer.reversed < Transfer.amount)
    return session.scalars(query.limit(1)).first() is not None


def bring_home(
    session: Session, shares: Sequence[Share], actor: Actor, only: Collection[int] | None = None
) -> list[Contribution]:
    """What lies here of undone shares is held for their task again; the contributions it is of, in their order.

    `only`: ids of the contributions to look at. The caller holds them, and the shares. Whatever was brought home
    already isn't again: what is done follows from what the books hold.
    """
    pieces = [piece for share in shares for piece in _lying(session, share)]
    query = select(Contribution).where(Contribution.ref.in_({piece.contribution for piece in pieces}))
    homes = [row for row in session.scalars(query.order_by(Contribution.id)) if only is None or row.id in only]
    refs = {home.ref for home in homes}
    pieces = [piece for piece in pieces if piece.contribution in refs]
    if not pieces:
        return []
    booking.undone(
        session, key=f"release_undone:{_digest(session, pieces)}", pieces=pieces,
        terms=[terms(home) for home in homes], effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    session.flush()
    for home in homes:
        taken: dict[str, int] = defaultdict(int)
        for piece in pieces:
            taken[piece.share] += piece.amount if piece.contribution == home.ref else 0
        take_back(session, home, taken, actor.name)
    return homes


def _lying(session: Session, share: Share) -> list[booking.Piece]:
    return [
        booking.Piece(share.ref, contribution, amount, place)
        for place in PLACES
        for contribution, amount in ledger.pieces_of_share(session, share.ref, place)
    ]


def _digest(session: Session, pieces: Sequence[booking.Piece]) -> str:
    """Names this movement and no other: accounts are never twice in the same version."""
    owners = {piece.share for piece in pieces}
    versions = ledger.versions(session, owners, PLACES)
    return ids.digest(" ".join(f"{path}@{version}" for path, version in sorted(versions.items())))[:32]
