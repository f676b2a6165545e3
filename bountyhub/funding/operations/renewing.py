"""A backer pays again before their money's life ends: the old one is asked back when the new one is captured."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.funding.errors import CantRenew
from bountyhub.funding.models import Contribution, ContributionState, Payment, RefundReason
from bountyhub.funding.operations.buyers import buyer_of, tax_of
from bountyhub.funding.operations.contribute import Order, Quote, contribute, quote
from bountyhub.funding.operations.refunds import ask_refund, escrow_of
from bountyhub.people.operations import PROCESSOR
from bountyhub.tasks.operations import lock_task


@dataclass(frozen=True)
class Renewal:
    """Which contribution is renewed, and from where (a digest of the network, as in Order)."""

    contribution_id: int
    asked_from: str = ""


def quote_renewal(session: Session, old: Contribution) -> Quote:
    """What a new payment of the same amount costs now; never more is kept of it than of the old one."""
    return quote(old.money, tax_of(buyer_of(session, old)), old.kept_cost)


def renew(session: Session, renewal: Renewal) -> Payment:
    """Write down a payment of the same amount on the same task; asked again while it is unpaid, it is the same one.

    Raises CantRenew and whatever `contribute` raises. Until it is captured the old money stays as it is.
    """
    old = session.get_one(Contribution, renewal.contribution_id)
    lock_task(session, old.task_id)
    session.refresh(old)
    if old.state is not ContributionState.HELD or escrow_of(session, old) == 0:
        raise CantRenew()
    return contribute(
        session,
        Order(
            task_id=old.task_id, amount=old.money, email=old.email, person_id=old.person_id, anonymous=old.anonymous,
            nonce=f"renews-{old.ref}-{_over(session, old)}", asked_from=renewal.asked_from, renews_id=old.id,
            buyer=buyer_of(session, old), most_kept=old.kept_cost,
        ),
    )  # fmt: skip


def _over(session: Session, old: Contribution) -> int:
    """How many renewals of it are over, unpaid, refused or too late: each try after those is a payment of its own."""
    over = Contribution.state != ContributionState.PENDING
    return session.scalar(select(func.count(Contribution.id)).where(Contribution.renews_id == old.id, over)) or 0


def lock_renewed(session: Session, contribution_id: int) -> None:
    """What a payment about to be recorded renews, locked before it: contributions are locked in id order."""
    query = select(Contribution.renews_id).where(Contribution.id == contribution_id)
    renews = session.scalars(query).first()
    if renews is not None:
        session.get_one(Contribution, renews, with_for_update=True, populate_existing=True)


def return_renewed(session: Session, contribution: Contribution) -> None:
    """The new money is held: the old one goes back, fee included. The caller holds the task's lock.

    What was released, withdrawn or moved to another task meanwhile stays where it is.
    """
    if contribution.renews_id is None:
        return
    old = session.get_one(Contribution, contribution.renews_id, with_for_update=True, populate_existing=True)
    if old.state is ContributionState.HELD:
        ask_refund(session, old, RefundReason.RENEWED, PROCESSOR)
