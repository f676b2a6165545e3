"""Charge-backs and inquiries: the one function on which every event, repetition and sweep of a dispute converges.

State follows the processor's word, money its book entries. Locks task → contribution → dispute → shares.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.funding.models import Contribution, Dispute, DisputeKind, DisputeState, Payment, RefundReason
from bountyhub.funding.operations import ask_refund
from bountyhub.funding.operations.closing import close_if_empty
from bountyhub.funding.operations.disputes import (
    ACTOR,
    end_dispute,
    follow_dispute,
    set_reinstated,
    set_warned,
    set_withdrawn,
)
from bountyhub.funding.operations.freezing import here, overtaken_by, return_fee_of_lost, wake_refunds
from bountyhub.funding.operations.origin import contributions_of
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import capture
from bountyhub.ledger import dispute as booking
from bountyhub.ledger.accounts import Place
from bountyhub.payouts.operations.frozen import hold_transfers, let_go
from bountyhub.payouts.operations.taking_back import take_back
from bountyhub.people.operations import CLOCK
from bountyhub.ports.disputes import DisputeInfo, Taken
from bountyhub.tasks.models import OVER, Task
from bountyhub.work.operations.money import lock_contribution, tell
from bountyhub.work.operations.releases import finish_task
from bountyhub.work.operations.thawing import thaw


def record_dispute(session: Session, info: DisputeInfo) -> Dispute:
    """Write down how a dispute stands and, once, what its money does. Raises NotFound for a foreign payment."""
    task, contribution = lock_disputed(session, info.id, info.charge, info.payment_intent)
    dispute = follow_dispute(session, contribution, info)
    if info.withdrawn is not None and dispute.withdrawn is None:
        _withdrawn(session, contribution, dispute, info.withdrawn)
    _warned(session, contribution, dispute)
    _ended(session, task, contribution, dispute, info)
    outbox.add(session, "work.look_at_disputes", key="disputes")
    return dispute


def lock_disputed(session: Session, id: str, charge: str, payment_intent: str) -> tuple[Task, Contribution]:
    """Task and contribution behind a payment that the processor names, locked. Raises NotFound.

    A contribution that was moved is disputed where it is when the dispute is first heard of.
    """
    known = session.scalars(select(Dispute.contribution_id).where(Dispute.processor_id == id)).first()
    if known is not None:
        return lock_contribution(session, known)
    named = [column == id for column, id in ((Payment.charge, charge), (Payment.payment_intent, payment_intent)) if id]
    found = session.scalars(select(Payment).where(or_(*named))).first() if named else None
    if found is None:
        raise NotFound("No payment of this site is known for that dispute.")
    return lock_contribution(session, contributions_of(session, found)[-1])


def _withdrawn(session: Session, contribution: Contribution, dispute: Dispute, taken: Taken) -> None:
    """The bank took it: what is still here is frozen up to that sum, what was warned of before included."""
    end_freezes(session, contribution, "disputed", taken)
    booking.funds_withdrawn(
        session, dispute=dispute.ref, contribution=contribution.ref, amount=taken.amount.amount,
        fee=taken.fee.amount, currency=taken.amount.currency, outside_id=taken.balance_transaction,
        effective_at=taken.at, actor=ACTOR,
    )  # fmt: skip
    set_withdrawn(session, dispute, taken.balance_transaction, taken.amount.amount, taken.fee.amount)
    hold_transfers(session, contribution)
    outbox.add(session, "notify.money_frozen", key=f"frozen:{dispute.id}", dispute=dispute.id)


def end_freezes(session: Session, contribution: Contribution, ending: str, taken: Taken) -> None:
    """What was frozen without a charge-back is thawed, to be frozen anew by the charge-back, up to its sum."""
    query = select(Dispute).where(Dispute.contribution_id == contribution.id, Dispute.ended_at.is_(None))
    for one in session.scalars(query.order_by(Dispute.id).with_for_update()):
        if one.warned:
            booking.warning_over(session, dispute=one.ref, effective_at=taken.at, actor=ACTOR)
            set_warned(one, False)
        if one.kind is DisputeKind.FRAUD_WARNING:
            end_dispute(session, one, ending)


def _warned(session: Session, contribution: Contribution, dispute: Dispute) -> None:
    """A word that nobody knows: what is still here is frozen, although nothing was taken."""
    strange = dispute.state is DisputeState.UNKNOWN and dispute.withdrawn is None
    if strange and not dispute.warned and not _was_frozen(session, dispute) and here(session, contribution):
        freeze(session, contribution, dispute)


def _was_frozen(session: Session, dispute: Dispute) -> bool:
    """An entry of that kind is posted once: a second strange word only makes the transfers wait."""
    return bool(booking.frozen_from(session, dispute.ref))


def freeze(session: Session, contribution: Contribution, dispute: Dispute) -> None:
    """All that is still here, with nothing taken."""
    booking.warned(
        session, dispute=dispute.ref, contribution=contribution.ref, currency=contribution.currency,
        effective_at=clock.now(), actor=ACTOR,
    )  # fmt: skip
    set_warned(dispute, True)
    hold_transfers(session, contribution)
    outbox.add(session, "notify.money_frozen", key=f"frozen:{dispute.id}", dispute=dispute.id)


def _ended(session: Session, task: Task, contribution: Contribution, dispute: Dispute, info: DisputeInfo) -> None:
    if dispute.ended_at is not None:
        return
    if dispute.withdrawn is None:
        _let_be(session, task, contribution, dispute)
    elif dispute.state is DisputeState.LOST and info.reinstated is None:
        _lost(session, task, contribution, dispute)
    elif info.reinstated is not None and info.withdrawn is not None and info.reinstated.amount == info.withdrawn.amount:
        _won(session, task, contribution, dispute, info.reinstated)


def _let_be(session: Session, task: Task, contribution: Contribution, dispute: Dispute) -> None:
    """Nothing was taken: over once the bank lets it be; and a known word thaws what a strange one froze."""
    was_warned = dispute.warned
    if was_warned and dispute.state is not DisputeState.UNKNOWN:
        booking.warning_over(session, dispute=dispute.ref, effective_at=clock.now(), actor=ACTOR)
        set_warned(dispute, False)
    if dispute.state is DisputeState.CLOSED:
        end_dispute(session, dispute, "closed")
    if dispute.state is DisputeState.CLOSED or (was_warned and not dispute.warned):
        thaw(session, task, contribution)


def _lost(session: Session, task: Task, contribution: Contribution, dispute: Dispute) -> None:
    frozen = booking.frozen_from(session, dispute.ref)
    overtaken = overtaken_by(session, dispute, contribution)
    booking.lost(
        session, dispute=dispute.ref, contribution=contribution.ref, currency=dispute.currency,
        effective_at=clock.now(), actor=ACTOR, overtaken=overtaken,
    )  # fmt: skip
    end_dispute(session, dispute, "lost")
    take_back(session, contribution, by_share(frozen))
    return_fee_of_lost(session, contribution, sum(a for p, a in frozen.items() if p.kind in ("escrow", "kept_for")))
    let_go(session, contribution)
    if task.state in OVER:  # what was left of a share whose release was undone meanwhile
        ask_refund(session, contribution, RefundReason.RELEASE_UNDONE, CLOCK)
    wake_refunds(session, contribution)
    close_if_empty(session, contribution)
    finish_task(session, task, CLOCK)
    tell(session, task)


def by_share(frozen: dict[Place, int]) -> dict[str, int]:
    """What of it was a share's, by the share's ref."""
    found: dict[str, int] = {}
    for place, amount in frozen.items():
        if place.kind in ("payable", "kept_for", "holdback") and place.owner is not None:
            found[place.owner] = found.get(place.owner, 0) + amount
    return found


def _won(session: Session, task: Task, contribution: Contribution, dispute: Dispute, back: Taken) -> None:
    booking.won(
        session, dispute=dispute.ref, contribution=contribution.ref, currency=back.amount.currency,
        outside_id=back.balance_transaction, effective_at=back.at, actor=ACTOR,
    )  # fmt: skip
    if back.fee:
        capture.cost(
            session, amount=back.fee.amount, currency=back.fee.currency, outside_id=back.balance_transaction,
            effective_at=back.at, actor=ACTOR, refs={"dispute": dispute.ref},
        )  # fmt: skip
    set_reinstated(dispute, back.balance_transaction)
    end_dispute(session, dispute, "won")
    thaw(session, task, contribution)
