"""Answering a dispute: once, by the operator's click; a job asks the processor, and its answer is recorded."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Dispute, DisputeKind, DisputeState
from bountyhub.funding.operations.disputes import dispute_by_ref
from bountyhub.kit import clock
from bountyhub.kit.errors import Conflict
from bountyhub.people.operations import Actor


class CantAnswer(Conflict):
    """Only a dispute that waits for its answer can be answered."""

    code = "cant_answer"

    def __init__(self) -> None:
        super().__init__(
            "This dispute takes no answer any more.",
            advice="It is decided, answered already, or its last day is over. The money follows the bank’s decision.",
        )


def can_answer(dispute: Dispute) -> bool:
    """Whether evidence can still be submitted: an inquiry or a charge-back that waits for it, before its last day."""
    waits = dispute.kind is DisputeKind.DISPUTE and dispute.state in (DisputeState.WARNING, DisputeState.OPEN)
    fresh = dispute.submit_asked_at is None and dispute.submitted_at is None
    return waits and fresh and (dispute.due_by is None or clock.now() < dispute.due_by)


def answer_dispute(session: Session, ref: str, text: str, actor: Actor) -> Dispute:
    """Have the evidence submitted; a second click finds the first one's. Raises NotFound, CantAnswer."""
    dispute = dispute_by_ref(session, ref, lock=True)
    if dispute.submit_asked_at is not None or dispute.submitted_at is not None:
        return dispute
    if not can_answer(dispute):
        raise CantAnswer()
    dispute.evidence, dispute.submit_asked_at = text, clock.now()
    audit.record(
        session, actor.name, "evidence_submitted", "contribution", dispute.contribution_id, dispute=dispute.ref
    )
    outbox.add(session, "work.submit_evidence", dispute=dispute.id)
    return dispute


def evidence_called(session: Session, dispute_id: int) -> tuple[Dispute, bool]:
    """Note the call that is about to be made; whether one was made before, whose answer may have been lost."""
    dispute = session.get_one(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    before = dispute.called_at is not None
    dispute.called_at = dispute.called_at or clock.real_now()
    return dispute, before


def evidence_refused(session: Session, dispute_id: int) -> None:
    """The processor wouldn't have it: the operator may answer again, as long as there is time."""
    dispute = session.get_one(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    if dispute.submitted_at is None:
        dispute.submit_asked_at, dispute.called_at, dispute.attempt = None, None, dispute.attempt + 1
        audit.record(
            session, "stripe", "evidence_refused", "contribution", dispute.contribution_id, dispute=dispute.ref
        )
