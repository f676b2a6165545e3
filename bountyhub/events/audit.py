"""The audit trail: written beside each change, read by pages (activity) and operators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.models import AuditEvent
from bountyhub.kit import clock


def record(session: Session, actor: str, action: str, kind: str, id: int, **detail: Any) -> None:
    """Note that `actor` did `action` (past tense) to the object; commits with the change."""
    session.add(AuditEvent(at=clock.now(), actor=actor, action=action, object_kind=kind, object_id=id, detail=detail))


def trail(session: Session, kind: str, id: int, limit: int = 100) -> list[AuditEvent]:
    """The newest events of an object first."""
    query = select(AuditEvent).where(AuditEvent.object_kind == kind, AuditEvent.object_id == id)
    return list(session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))
