"""What is frozen of a contribution, and whether a bank stands between it and its payees. Called by work and payouts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import (
    Contribution,
    Dispute,
    DisputeKind,
    DisputeState,
    Refund,
    RefundReason,
    RefundState,
)
from bountyhub.funding.operations.refunds import new_refund, terms
from bountyhub.kit import clock
from bountyhub.kit.errors import Conflict
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import refund as booking
from bountyhub.ledger.accounts import refund_pending

#: What a dispute or a warning freezes.
HERE = ("escrow", "payable", "kept_for", "holdback", "fee_held", "vat_held")


class RefundOnItsWay(Conflict):
    """A refund of this payment is being asked of the processor in this moment: how it ends decides what is lost."""

    code = "refund_on_its_way"

    def __init__(self) -> None:
        super().__init__("A refund of this payment is being asked for: look again when its answer is there.")


def freezing() -> ColumnElement[bool]:
    """Disputes and warnings for which nothing leaves: all that aren't over, but for inquiries."""
    return Dispute.ended_at.is_(None) & (
        (Dispute.kind == DisputeKind.FRAUD_WARNING) | (Dispute.state != DisputeState.WARNING)
    )


def is_disputed(session: Session, contribution_id: int) -> bool:
    """Whether transfers out of a contribution wait for its bank."""
    query = select(Dispute.id).where(Dispute.contribution_id == contribution_id, freezing())
    return session.scalars(query.limit(1)).first() is not None


def bank_has_it(session: Session, contribution_id: int) -> bool:
    """Whether its bank took (a part of) it and hasn't decided: the processor refuses refunds until then."""
    query = select(Dispute.id).where(
        Dispute.contribution_id == contribution_id, Dispute.withdrawn.is_not(None), Dispute.ended_at.is_(None)
    )
    return session.scalars(query.limit(1)).first() is not None


def bank_keeps_it(session: Session, contribution_id: int) -> bool:
    """Whether its bank took (a part of) it for good."""
    query = select(Dispute.id).where(
        Dispute.contribution_id == contribution_id, Dispute.withdrawn.is_not(None), Dispute.ended_at.is_not(None),
        Dispute.reinstated.is_(None),
    )  # fmt: skip
    return session.scalars(query.limit(1)).first() is not None


def wake_refunds(session: Session, contribution: Contribution) -> None:
    """It is decided: refunds that waited for it are asked for."""
    waiting = select(Refund.id).where(
        Refund.contribution_id == contribution.id, Refund.state == RefundState.ASKED, Refund.processor_id.is_(None)
    )
    for id in session.scalars(waiting.order_by(Refund.id)):
        outbox.add(session, "funding.send_refund", refund=id)


def here(session: Session, contribution: Contribution) -> int:
    """What could be frozen of a contribution now, minor units."""
    kinds = ledger.balances_by_contribution(session, [contribution.ref])[contribution.ref]
    return sum(kinds.get(kind, 0) for kind in HERE)


def frozen_of(session: Session, dispute: Dispute) -> int:
    """What is frozen for a dispute now, minor units."""
    return ledger.balances_by_owner(session, [dispute.ref], "frozen")[dispute.ref]


def bank_has_more(session: Session, contribution_id: int) -> bool:
    """Whether a bank that hasn't decided took more of a contribution than is frozen: what comes now is to cover it."""
    query = select(Dispute).where(
        Dispute.contribution_id == contribution_id, Dispute.withdrawn.is_not(None), Dispute.ended_at.is_(None)
    )
    return any(
        ledger.balances_by_owner(session, [dispute.ref], "dispute_funds")[dispute.ref] > frozen_of(session, dispute)
        for dispute in session.scalars(query)
    )


def overtaken_by(session: Session, dispute: Dispute, contribution: Contribution) -> dict[str, int]:
    """Refunds that the processor refused because the bank took the money first, up to what it took beyond `frozen`.

    Their backer has it from the bank: what was to go back covers the loss. Raises RefundOnItsWay.
    """
    taken = ledger.balances_by_owner(session, [dispute.ref], "dispute_funds")[dispute.ref]
    uncovered = taken - frozen_of(session, dispute)
    query = select(Refund).where(
        Refund.contribution_id == contribution.id, Refund.state == RefundState.ASKED, Refund.processor_id.is_(None)
    )
    found: dict[str, int] = {}
    for refund in session.scalars(
        query.order_by(Refund.id).with_for_update().execution_options(populate_existing=True)
    ):
        if refund.called_at is not None:
            raise RefundOnItsWay()
        if part := min(uncovered, refund.total):
            found[refund.ref] = part
            uncovered -= part
            _shrink(session, refund, part)
    return found


def _shrink(session: Session, refund: Refund, part: int) -> None:
    """So much of a refund was paid by the bank; what is left is asked for under a new key."""
    audit.record(session, "stripe", "refund_overtaken", "contribution", refund.contribution_id, amount=part)
    if part == refund.total:
        refund.state = RefundState.SETTLED
        return
    refund.total, refund.attempt = refund.total - part, refund.attempt + 1
    outbox.add(session, "funding.send_refund", refund=refund.id)


def return_fee_of_lost(session: Session, contribution: Contribution, lost: int) -> None:
    """The fee's part of what a bank took for good goes back to the backer, like with everything that goes back."""
    part = booking.fee_of_lost(session, terms(contribution), lost)
    if not part.fee and not part.vat:
        return
    refund = new_refund(session, contribution, part.fee + part.vat, RefundReason.DISPUTE_REST)
    booking.fee_asked(
        session, refund=refund.ref, terms=terms(contribution), lost=lost, effective_at=clock.now(), actor="clock"
    )
    audit.record(session, "clock", "fee_returned", "contribution", contribution.id, total=refund.total)


def set_total(session: Session, refund: Refund, contribution: Contribution) -> None:
    """A refund is of what the books hold for it."""
    refund.total = ledger.balance(session, refund_pending(refund.ref, contribution.ref), refund.currency)
