"""Refunds that failed for good: still the backer's, given back by the operator's word. The command line calls these."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.errors import NotUnclaimed, SetApart
from bountyhub.funding.models import Contribution, Refund, RefundState
from bountyhub.funding.operations.closing import close_if_empty
from bountyhub.funding.operations.other_way import forget_way, way_of_refund
from bountyhub.funding.operations.refunds import new_refund
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import unclaimed as booking
from bountyhub.people.operations import OPERATOR, Actor


@dataclass(frozen=True)
class Stuck:
    """A refund that needs the operator: it failed, or the processor refuses to make it."""

    refund: Refund
    contribution: Contribution


def stuck_refunds(session: Session) -> list[Stuck]:
    """Failed refunds that nobody settled yet, and those refused so far, oldest first."""
    refused = (Refund.state == RefundState.ASKED) & (Refund.attempt > 1)
    query = select(Refund, Contribution).join(Contribution, Contribution.id == Refund.contribution_id)
    query = query.where((Refund.state == RefundState.FAILED) | refused).order_by(Refund.id)
    return [Stuck(refund, contribution) for refund, contribution in session.execute(query)]


def ask_again(session: Session, ref: str, actor: Actor = OPERATOR) -> Refund:
    """Ask for a failed refund by a new one: the backer's card takes money again, or another way stands behind it.

    Raises NotFound, NotUnclaimed, SetApart.
    """
    failed, contribution = _unclaimed(session, ref)
    if _apart(session, failed):
        raise SetApart()
    refund = new_refund(session, contribution, failed.total, failed.reason)
    refund.currency, refund.kept = failed.currency, failed.kept
    booking.asked_again(
        session, refund=refund.ref, contribution=contribution.ref, amount=refund.total, currency=refund.currency,
        effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    _settle(session, failed, contribution, actor, "refund_asked_again", refund=refund.ref)
    return refund


def pay_otherwise(session: Session, ref: str, note: str, actor: Actor = OPERATOR) -> Refund:
    """Write down that the operator gave a failed refund back from the bank; `note` says how. Raises as `ask_again`.

    The note may name somebody, so it stays in the audit trail; the books, which can't forget, name the refund.
    """
    failed, contribution = _unclaimed(session, ref)
    booking.paid_otherwise(
        session, key=f"unclaimed_paid:{failed.ref}", contribution=contribution.ref, amount=failed.total,
        currency=failed.currency, note=f"refund {failed.ref}", effective_at=clock.now(), actor=actor.role,
        set_apart=_apart(session, failed),
    )  # fmt: skip
    failed.done_at = clock.now()
    _settle(session, failed, contribution, actor, "refund_paid_otherwise", note=note)
    outbox.add(session, "notify.refund_sent", refund=failed.id)
    close_if_empty(session, contribution)
    return failed


def _unclaimed(session: Session, ref: str) -> tuple[Refund, Contribution]:
    refund = session.scalars(select(Refund).where(Refund.ref == ref).with_for_update()).first()
    if refund is None:
        raise NotFound("No refund has that reference.")
    if refund.state is not RefundState.FAILED:
        raise NotUnclaimed(refund.state)
    contribution = session.get_one(Contribution, refund.contribution_id, with_for_update=True, populate_existing=True)
    return refund, contribution


def _apart(session: Session, refund: Refund) -> bool:
    row = way_of_refund(session, refund)
    return row is not None and row.payout is not None


def _settle(
    session: Session, failed: Refund, contribution: Contribution, actor: Actor, action: str, **detail: str
) -> None:
    failed.state = RefundState.SETTLED
    forget_way(session, failed)
    audit.record(
        session, actor.name, action, "contribution", contribution.id, failed=failed.ref, total=failed.total, **detail
    )
