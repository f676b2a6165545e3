"""The audit trail: written beside each change, read by pages (activity) and operators."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bountyhub.events.models import AuditEvent
from bountyhub.kit import clock

#: Who did it, once they are forgotten.
LEFT = "left"


def record(session: Session, actor: str, action: str, kind: str, id: int, **detail: Any) -> None:
    """Note that `actor` did `action` (past tense) to the object; commits with the change."""
    session.add(AuditEvent(at=clock.now(), actor=actor, action=action, object_kind=kind, object_id=id, detail=detail))


def trail(session: Session, kind: str, id: int, limit: int = 100) -> list[AuditEvent]:
    """The newest events of an object first."""
    query = select(AuditEvent).where(AuditEvent.object_kind == kind, AuditEvent.object_id == id)
    return list(session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))


def forget(session: Session, actors: Collection[str], kind: str, ids: Collection[int]) -> None:
    """What these actors did was done by somebody who left; notes about these objects, which may name them, are gone."""
    session.execute(update(AuditEvent).where(AuditEvent.actor.in_(actors)).values(actor=LEFT))
    noted = select(AuditEvent).where(AuditEvent.object_kind == kind, AuditEvent.object_id.in_(ids))
    for event in session.scalars(noted):
        if "note" in event.detail:
            event.detail = {**event.detail, "note": ""}
