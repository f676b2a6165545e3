"""The rows of objections: which stand, what they set aside, and their end. Verbs of claims and objections use them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit import clock
from bountyhub.people.operations import Actor
from bountyhub.work.models import Claim, Objection, ObjectionState, SetAside


def open_objections(session: Session, claim: Claim) -> list[Objection]:
    """A claim's unsettled objections, oldest first."""
    query = select(Objection).where(Objection.claim_id == claim.id, Objection.state == ObjectionState.OPEN)
    return list(session.scalars(query.order_by(Objection.id)))


def set_aside(session: Session, claim: Claim, rows: Sequence[Objection] | None = None) -> set[int]:
    """Contributions whose parts open objections (or these) keep out of the release."""
    ids = [row.id for row in (open_objections(session, claim) if rows is None else rows)]
    return set(session.scalars(select(SetAside.contribution_id).where(SetAside.objection_id.in_(ids))))


def settle_rows(session: Session, rows: Sequence[Objection], state: ObjectionState, actor: Actor, reason: str) -> None:
    """Settle these objections one way, publicly; what it means for the money is the caller's."""
    for row in rows:
        row.state, row.settled_at, row.settled_by, row.settled_reason = state, clock.now(), actor.name, reason[:1000]
        audit.record(session, actor.name, f"objection_{state}", "claim", row.claim_id, objection=row.id)
        outbox.add(session, "notify.objection_settled", objection=row.id)
