"""Rows of disputes and fraud warnings: states, and what is noted of their money. Called by work, under its locks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.funding.models import Contribution, Dispute, DisputeKind, DisputeState
from bountyhub.funding.rules_disputes import DisputeEvent, meaning, next_state
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.ports.disputes import DisputeInfo, FraudWarning

ACTOR = "stripe"
OVER = (DisputeState.WON, DisputeState.LOST, DisputeState.CLOSED)


def follow_dispute(session: Session, contribution: Contribution, info: DisputeInfo) -> Dispute:
    """The row of a dispute, locked, and its state by what the processor says now; what is decided stays decided."""
    dispute = _find(session, info.id) or _new(contribution, DisputeKind.DISPUTE, info.id, info.amount)
    dispute.at, dispute.due_by, dispute.reason = info.at, info.due_by, info.reason[:60]
    dispute.status = info.status[:60]
    asked_before = bool(dispute.id) and dispute.state is DisputeState.WARNING
    if info.submitted:
        dispute.submitted_at = dispute.submitted_at or clock.now()
    _move(session, dispute, meaning(info.status), is_new=not dispute.id)
    if dispute.state is DisputeState.OPEN and not info.submitted:
        _answer_anew(session, dispute, asked_before=asked_before)
    session.flush()
    return dispute


def _answer_anew(session: Session, dispute: Dispute, *, asked_before: bool) -> None:
    """A charge-back that was an inquiry wants an answer of its own, by a key of its own."""
    if asked_before and dispute.called_at is not None:
        dispute.called_at, dispute.attempt = None, dispute.attempt + 1
    if dispute.submitted_at is not None:
        dispute.submitted_at, dispute.submit_asked_at, dispute.evidence = None, None, ""
        note(session, dispute, "dispute_unanswered")


def _find(session: Session, id: str) -> Dispute | None:
    query = select(Dispute).where(Dispute.processor_id == id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _new(contribution: Contribution, kind: DisputeKind, id: str, amount: Money) -> Dispute:
    return Dispute(
        ref=ids.new_ref(), contribution_id=contribution.id, kind=kind, processor_id=id, amount=amount.amount,
        currency=amount.currency, created_at=clock.now(), warned=False, ending="", evidence="", note="",
    )  # fmt: skip


def _move(session: Session, dispute: Dispute, event: DisputeEvent, *, is_new: bool) -> None:
    after = next_state(None if is_new else dispute.state, event)
    if after is None:
        return
    old = None if is_new else dispute.state
    dispute.state = DisputeState(after)
    if dispute.state not in OVER or old is DisputeState.CLOSED:  # let be, and charged back after all
        dispute.ended_at, dispute.ending = None, ""
    session.add(dispute)
    note(session, dispute, f"dispute_{event}", old=old)


def warn(session: Session, contribution: Contribution, warning: FraudWarning, left: Money) -> tuple[Dispute, bool]:
    """The row of a fraud warning, locked, and whether it is new."""
    row = _find(session, warning.id)
    if row is not None:
        return row, False
    row = _new(contribution, DisputeKind.FRAUD_WARNING, warning.id, left)
    row.at, row.reason, row.status, row.state = warning.at, warning.fraud_type[:60], "warning", DisputeState.WARNING
    session.add(row)
    session.flush()
    note(session, row, "fraud_warning", amount=left.amount)
    return row, True


def note(session: Session, dispute: Dispute, action: str, actor: str = ACTOR, **detail: object) -> None:
    """Into the audit trail of its contribution."""
    audit.record(session, actor, action, "contribution", dispute.contribution_id, dispute=dispute.ref, **detail)


def set_warned(dispute: Dispute, warned: bool) -> None:
    """Whether its money is frozen although nothing was taken."""
    dispute.warned = warned


def set_withdrawn(session: Session, dispute: Dispute, balance_transaction: str, amount: int, fee: int) -> None:
    """The bank took it."""
    dispute.withdrawn = balance_transaction
    note(session, dispute, "dispute_withdrawn", amount=amount, fee=fee)


def set_reinstated(dispute: Dispute, balance_transaction: str) -> None:
    """It is back: won, whatever word comes with it."""
    dispute.reinstated, dispute.state = balance_transaction, DisputeState.WON


def end_dispute(session: Session, dispute: Dispute, ending: str, actor: str = ACTOR) -> None:
    """Nothing is to be done about it any more."""
    dispute.ended_at, dispute.ending = clock.now(), ending
    if dispute.kind is DisputeKind.FRAUD_WARNING:
        dispute.state = DisputeState.CLOSED
    note(session, dispute, "dispute_over", actor, ending=ending)


def set_note(dispute: Dispute, reason: str) -> None:
    """Why the operator kept a warned contribution."""
    dispute.note = reason.strip()[:1000]


def dispute_by_ref(session: Session, ref: str, *, lock: bool = False) -> Dispute:
    """A dispute by its reference. Raises NotFound."""
    query = select(Dispute).where(Dispute.ref == ref)
    found = session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("There is no such dispute.")
    return found
