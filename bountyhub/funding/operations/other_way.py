"""Another way for a refund that failed: the backer's bank account, or its sum set apart at the operator's bank."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.banking import clean_iban, is_iban
from bountyhub.funding.errors import BadBankDetails, NotUnclaimed
from bountyhub.funding.models import Contribution, Refund, RefundState, Unclaimed
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import treasury
from bountyhub.ledger import unclaimed as booking
from bountyhub.people.operations import Actor
from bountyhub.ports.reconciliation import Movement

#: Days after the failure on which the backer is reminded; then the operator sets the sum apart.
REMINDERS = (7, 14, 28)
ACTOR = "stripe"


def unclaimed_row(session: Session, refund: Refund) -> Unclaimed:
    """What is known of a failed refund's other way, made when it isn't there yet; the caller holds the refund."""
    row = session.get(Unclaimed, refund.id)
    if row is None:
        row = Unclaimed(refund_id=refund.id, since=clock.now(), reminded=0)
        session.add(row)
        session.flush()
    return row


def failed_of(session: Session, contribution: Contribution) -> list[Refund]:
    """A contribution's refunds that failed and are not settled, oldest first."""
    query = select(Refund).where(Refund.contribution_id == contribution.id, Refund.state == RefundState.FAILED)
    return list(session.scalars(query.order_by(Refund.id)))


def give_bank_details(session: Session, contribution: Contribution, holder: str, iban: str, actor: Actor) -> None:
    """The backer says to which bank account it goes; said again, the newer counts. Raises BadBankDetails, NotUnclaimed.

    The audit trail, which stays, says only that it was given.
    """
    holder, iban = " ".join(holder.split()), clean_iban(iban)
    if not holder or len(holder) > 200 or not is_iban(iban):
        raise BadBankDetails()
    failed = [_locked(session, refund.ref) for refund in failed_of(session, contribution)]
    if not failed:
        raise NotUnclaimed("not waiting")
    for refund in failed:
        row = unclaimed_row(session, refund)
        if (row.holder, row.iban) != (holder, iban):
            row.holder, row.iban = holder, iban
            audit.record(session, actor.name, "bank_account_given", "contribution", contribution.id, refund=refund.ref)


def announce_set_apart(session: Session, ref: str, actor: Actor) -> Unclaimed:
    """The operator is about to pay out just this sum to the bank: the next such payout sets it apart."""
    refund = _locked(session, ref)
    row = unclaimed_row(session, refund)
    if row.apart_asked_at is None:
        row.apart_asked_at = clock.now()
        audit.record(
            session, actor.name, "set_apart_announced", "contribution", refund.contribution_id, refund=refund.ref
        )
    return row


def set_apart(session: Session, movement: Movement) -> bool:
    """Book a payout that was announced for a refund, or one of those that came back; False for any other."""
    return _leaves(session, movement) if movement.amount.amount < 0 else _comes_back(session, movement)


def _leaves(session: Session, movement: Movement) -> bool:
    sum_ = -movement.amount
    wanted = (
        select(Refund, Unclaimed)
        .join(Unclaimed, Unclaimed.refund_id == Refund.id)
        .where(Refund.state == RefundState.FAILED, Unclaimed.apart_asked_at.is_not(None), Unclaimed.payout.is_(None))
        .where(Refund.total == sum_.amount, Refund.currency == sum_.currency)
        .order_by(Unclaimed.apart_asked_at, Refund.id)
        .with_for_update()
    )
    found = session.execute(wanted).first()
    if found is None:
        return False
    refund, row = found
    contribution = session.get_one(Contribution, refund.contribution_id)
    booking.set_apart(
        session, contribution=contribution.ref, amount=refund.total, currency=refund.currency,
        outside_id=movement.id, effective_at=movement.at, actor=ACTOR,
    )  # fmt: skip
    row.payout = movement.source
    audit.record(session, ACTOR, "refund_set_apart", "contribution", contribution.id, refund=refund.ref)
    return True


def _comes_back(session: Session, movement: Movement) -> bool:
    row = session.scalars(select(Unclaimed).where(Unclaimed.payout == movement.source).with_for_update()).first()
    if row is None or session.get_one(Refund, row.refund_id).state is not RefundState.FAILED:
        return False
    treasury.payout_returned(
        session, amount=movement.amount.amount, currency=movement.amount.currency, outside_id=movement.id,
        effective_at=movement.at, actor=ACTOR, set_apart=True,
    )  # fmt: skip
    row.payout, row.apart_asked_at = None, None
    refund = session.get_one(Refund, row.refund_id)
    audit.record(session, ACTOR, "set_apart_came_back", "contribution", refund.contribution_id, refund=refund.ref)
    return True


def remind(session: Session, refund_id: int) -> None:
    """Write the reminder that is due, if any; several missed ones are one."""
    refund = session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund.state is not RefundState.FAILED:
        return
    row = unclaimed_row(session, refund)
    due = sum(clock.now() >= row.since + timedelta(days=days) for days in REMINDERS)
    if due > row.reminded and row.iban is None:
        outbox.add(session, "notify.refund_unclaimed", refund=refund.id, number=due)
    row.reminded = max(row.reminded, due)


def forget_way(session: Session, refund: Refund) -> None:
    """It is settled: nobody's bank account stays here."""
    row = session.get(Unclaimed, refund.id, with_for_update=True)
    if row is not None:
        row.holder, row.iban = None, None


def _locked(session: Session, ref: str) -> Refund:
    query = select(Refund).where(Refund.ref == ref).with_for_update().execution_options(populate_existing=True)
    refund = session.scalars(query).first()
    if refund is None:
        raise NotFound("No refund has that reference.")
    if refund.state is not RefundState.FAILED:
        raise NotUnclaimed(refund.state)
    return refund


def bank_details(session: Session, refund: Refund) -> Unclaimed | None:
    """Where a failed refund goes, once its backer has said so."""
    row = session.get(Unclaimed, refund.id)
    return row if row is not None and row.iban else None


def way_of_refund(session: Session, refund: Refund) -> Unclaimed | None:
    """What is known of a failed refund: reminders, bank account, whether it is set apart."""
    return session.get(Unclaimed, refund.id)
