"""Early fraud warnings: frozen at once; returned in full after a day, kept by the operator, or thawed in time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution, Dispute, DisputeKind, Refund, RefundReason
from bountyhub.funding.operations.closing import close_if_empty
from bountyhub.funding.operations.disputes import end_dispute, set_note, set_warned, warn
from bountyhub.funding.operations.freezing import here, is_disputed, set_total
from bountyhub.funding.operations.refunds import escrow_of, new_refund, terms
from bountyhub.funding.rules_disputes import WarningEnd, end_of_warning
from bountyhub.kit import clock
from bountyhub.kit.errors import Conflict, NotFound
from bountyhub.kit.money import Money
from bountyhub.ledger import dispute as booking
from bountyhub.ledger import refund as returning
from bountyhub.ledger import release
from bountyhub.ledger.accounts import Place
from bountyhub.payouts.operations.frozen import let_go, was_transferred
from bountyhub.payouts.operations.taking_back import take_back
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.ports.disputes import FraudWarning
from bountyhub.tasks.models import Task
from bountyhub.work.errors import ReasonMissing
from bountyhub.work.operations.disputes import by_share, freeze, lock_disputed
from bountyhub.work.operations.money import lock_contribution, tell
from bountyhub.work.operations.releases import finish_task
from bountyhub.work.operations.thawing import thaw


class WarningOver(Conflict):
    """A warned contribution can be kept as long as it is frozen for the warning."""

    code = "warning_over"

    def __init__(self) -> None:
        super().__init__("Nothing is frozen for this warning any more.", advice="Look at the contribution's history.")


def record_fraud_warning(session: Session, warning: FraudWarning) -> Dispute:
    """Freeze a warned contribution, once. Raises NotFound for a foreign payment."""
    _, contribution = lock_disputed(session, warning.id, warning.charge, warning.payment_intent)
    left = here(session, contribution)
    disputed = is_disputed(session, contribution.id)
    row, is_new = warn(session, contribution, warning, Money(left, contribution.currency))
    if not is_new:
        return row
    if disputed or not left:
        end_dispute(session, row, "disputed" if disputed else "nothing_left")
    else:
        freeze(session, contribution, row)
    outbox.add(session, "work.look_at_disputes", key="disputes")
    return row


def keep_warned(session: Session, dispute_id: int, actor: Actor, reason: str) -> Dispute:
    """The operator trusts the payment: thawed at once, at their own risk. Raises ReasonMissing, WarningOver."""
    if not reason.strip():
        raise ReasonMissing()
    task, contribution, row = _lock(session, dispute_id)
    if not row.warned or row.kind is not DisputeKind.FRAUD_WARNING:
        raise WarningOver()
    set_note(row, reason)
    _thaw(session, task, contribution, row, "kept", actor)
    return row


def end_warning(session: Session, dispute_id: int) -> None:
    """What the clock does with a warned contribution: back after a day, or thawed after thirty if some was paid."""
    task, contribution, row = _lock(session, dispute_id)
    if not row.warned or row.kind is not DisputeKind.FRAUD_WARNING:
        return
    what = end_of_warning(at=row.at, now=clock.now(), transferred=was_transferred(session, contribution))
    if what is WarningEnd.REFUND:
        _refund(session, task, contribution, row)
    elif what is WarningEnd.THAW:
        _thaw(session, task, contribution, row, "aged_out", CLOCK)


def _lock(session: Session, dispute_id: int) -> tuple[Task, Contribution, Dispute]:
    found = session.get(Dispute, dispute_id)
    if found is None:
        raise NotFound("There is no such dispute.")
    task, contribution = lock_contribution(session, found.contribution_id)
    return task, contribution, session.get_one(Dispute, dispute_id, with_for_update=True, populate_existing=True)


def _thaw(
    session: Session, task: Task, contribution: Contribution, row: Dispute, ending: str, actor: Actor
) -> None:  # fmt: skip
    booking.warning_over(session, dispute=row.ref, effective_at=clock.now(), actor=actor.role)
    set_warned(row, False)
    end_dispute(session, row, ending, actor.name)
    thaw(session, task, contribution)


def _refund(session: Session, task: Task, contribution: Contribution, row: Dispute) -> None:
    """All of it goes back, fee included; what was released to somebody and not paid is theirs no more."""
    frozen = booking.frozen_from(session, row.ref)
    refund = new_refund(session, contribution, sum(frozen.values()), RefundReason.FRAUD_WARNING)
    if by_share(frozen):
        _book_from_shares(session, contribution, row, refund, frozen)
    else:
        booking.warning_refunded(
            session, dispute=row.ref, contribution=contribution.ref, refund=refund.ref, amount=refund.total,
            currency=refund.currency, effective_at=clock.now(), actor=CLOCK.role,
        )  # fmt: skip
    audit.record(session, CLOCK.name, "refund_asked", "contribution", contribution.id,
                 reason=refund.reason, total=refund.total)  # fmt: skip
    set_warned(row, False)
    end_dispute(session, row, "refunded", CLOCK.name)
    take_back(session, contribution, by_share(frozen))
    let_go(session, contribution)
    close_if_empty(session, contribution)
    finish_task(session, task, CLOCK)
    tell(session, task)


def _book_from_shares(
    session: Session, contribution: Contribution, row: Dispute, refund: Refund, frozen: dict[Place, int]
) -> None:  # fmt: skip
    """First the releases are undone, so that the fee they earned is held again; then everything goes back at once."""
    now, ref = clock.now(), contribution.ref
    booking.warning_over(session, dispute=row.ref, effective_at=now, actor=CLOCK.role)
    owned = [(place.kind, str(place.owner), amount) for place, amount in frozen.items() if place.owner is not None]
    undone = [release.Piece(owner, ref, amount) for kind, owner, amount in owned if kind == "payable"]
    if undone:
        release.undone(
            session, key=f"release_undone:{row.ref}", pieces=undone, terms=[terms(contribution)], effective_at=now,
            actor=CLOCK.role,
        )  # fmt: skip
    parts = [returning.SharePart(owner, "kept_for", amount) for kind, owner, amount in owned if kind == "kept_for"]
    returning.asked(
        session, refund=refund.ref, terms=terms(contribution), from_escrow=escrow_of(session, contribution),
        from_shares=parts, effective_at=now, actor=CLOCK.role,
    )  # fmt: skip
    set_total(session, refund, contribution)
