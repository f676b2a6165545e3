"""A payee who can't be paid sends their share on, once: to the project's account or to a charity on the list.

No line of the books names a payee: a share's accounts stay its own, and what changes is where its transfers go. What
is payable is kept first, so that books and statements say both: not sent to them, claimed for the other.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations import note_redirected
from bountyhub.funding.operations.freezing import is_disputed
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.errors import CantRedirect, PayeeNotReady, TransferUnderWay
from bountyhub.payouts.models import (
    Payee,
    PayeeState,
    Redirect,
    Share,
    ShareState,
    Transfer,
    TransferState,
)
from bountyhub.payouts.operations.owners import payee_of
from bountyhub.payouts.operations.shares import claim_share, keep_unsendable, kept_pieces, lives
from bountyhub.payouts.operations.stops import stop_of
from bountyhub.payouts.rules import why_not_redirected
from bountyhub.people.models import Identity
from bountyhub.people.operations import Actor
from bountyhub.tasks.operations import lock_tasks


def redirect_share(session: Session, share_id: int, payee_id: int, name: str, actor: Actor) -> Share:
    """Send a share on to another account, called `name` from then on; the same once more changes nothing.

    Raises NotFound (no such share of theirs), CantRedirect, TransferUnderWay, PayeeNotReady.
    """
    share = _lock(session, share_id, actor)
    before = session.get(Redirect, share.id, populate_existing=True)
    if before is not None and before.payee_id == payee_id:
        return share
    target = session.get_one(Payee, payee_id)
    refuse_redirect(session, share)
    if target.state is not PayeeState.READY:
        raise PayeeNotReady(name)
    if share.state is ShareState.PAYABLE:
        keep_unsendable(session, share, actor)
    pieces = kept_pieces(session, share)
    amount = sum(part for _, part in pieces)
    session.add(Redirect(share_id=share.id, payee_id=target.id, name=name[:200], at=clock.now()))
    audit.record(session, actor.name, "share_redirected", "share", share.id, to=name, amount=amount)
    audit.record(session, actor.name, "claim_share_redirected", "claim", share.claim_id, to=name, amount=amount)
    note_redirected(session, share.ref, name)
    claim_share(session, share, target, pieces, actor.name)
    outbox.add(session, "notify.share_redirected", share=share.id, amount=amount)
    return share


def _lock(session: Session, share_id: int, actor: Actor) -> Share:
    """A share of theirs, locked after its task and its contributions."""
    found = session.get(Share, share_id)
    if found is None or actor.person_id is None:
        raise NotFound("There is no such share of yours.")
    if session.get_one(Identity, found.identity_id).person_id != actor.person_id:
        raise NotFound("There is no such share of yours.")
    lock_tasks(session, {found.task_id})
    of_share = select(Transfer.contribution_id).where(Transfer.share_id == share_id)
    which = Contribution.ref.in_(_refs(session, found)) | Contribution.id.in_(of_share)
    session.execute(select(Contribution.id).where(which).order_by(Contribution.id).with_for_update())
    return session.get_one(Share, share_id, with_for_update=True, populate_existing=True)


def _refs(session: Session, share: Share) -> Collection[str]:
    kinds = ("payable", "kept_for")
    return [ref for kind in kinds for ref, _ in ledger.pieces_of_share(session, share.ref, kind)]


def refuse_redirect(session: Session, share: Share) -> None:
    """Raise CantRedirect or TransferUnderWay if a share can't be sent on now; pages ask too."""
    transfers = session.scalars(select(Transfer).where(Transfer.share_id == share.id)).all()
    if any(transfer.state is TransferState.SENT for transfer in transfers):
        raise TransferUnderWay()
    states = (ShareState.KEPT, ShareState.PAYABLE)
    mine = payee_of(session, share)
    of = session.scalars(
        select(Contribution).where(
            Contribution.ref.in_(_refs(session, share)) | Contribution.id.in_([t.contribution_id for t in transfers])
        )
    ).all()
    refused = why_not_redirected(
        waits=share.state in states and bool(_refs(session, share)),
        sent_on=session.get(Redirect, share.id) is not None,
        payable=share.state is ShareState.PAYABLE and mine is not None and mine.state is PayeeState.READY,
        frozen=any(is_disputed(session, each.id) for each in of) or _has_frozen(session, share),
        stopped=any(stop_of(session, share, each) is not None for each in of),
        came_back=any(t.state is TransferState.REVERSED and t.wait_reason is not None for t in transfers),
        over=share.undone_at is not None or not all(lives(each) for each in of),
    )  # fmt: skip
    if refused is not None:
        raise CantRedirect(refused)


def _has_frozen(session: Session, share: Share) -> bool:
    """Whether a contribution that the share ever drew on is disputed: its part of the share is frozen."""
    refs = ledger.contributions_of(session, [share.ref], ("payable", "kept_for", "holdback"))
    ids = session.scalars(select(Contribution.id).where(Contribution.ref.in_(refs)))
    return any(is_disputed(session, id) for id in ids)


def may_redirect(session: Session, share: Share) -> bool:
    """Whether pages offer it."""
    try:
        refuse_redirect(session, share)
    except (CantRedirect, TransferUnderWay):
        return False
    return True
