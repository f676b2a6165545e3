"""Pausing a project and going on. Called by `work.operations.pausing`, which tells who shows it.

A pause is no end: what is held stays, merges pay, money is taken back and lives as long as ever.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock
from bountyhub.projects.errors import PauseWrong, ProjectPaused
from bountyhub.projects.models import Project
from bountyhub.projects.rules import pause_end

LONGEST_REASON = 500


def pause(session: Session, project_id: int, actor: str, reason: str, until: str) -> bool:
    """No new money and no new tasks, until a typed day (UTC; empty: until resumed); False when that was so already.

    A second pause changes reason and end. Raises PauseWrong.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise PauseWrong("Write a reason: it is shown to everyone.", field="reason")
    try:
        end = pause_end(until, clock.now())
    except ValueError as error:
        raise PauseWrong(str(error), field="until") from error
    row = _lock(session, project_id)
    if row.pause is not None and (row.pause_reason, row.paused_until) == (reason, end):
        return False
    row.paused_at = row.paused_at if row.pause is not None else clock.now()
    row.pause_reason, row.paused_until = reason, end
    audit.record(
        session, actor, "project_paused", "project", row.id, reason=reason, until=end.isoformat() if end else ""
    )
    return True


def resume(session: Session, project_id: int, actor: str) -> bool:
    """The pause is over; False where there was none."""
    row = _lock(session, project_id)
    if row.paused_at is None:
        return False
    row.paused_at, row.paused_until, row.pause_reason = None, None, ""
    audit.record(session, actor, "project_resumed", "project", row.id)
    return True


def end_due(session: Session, project_id: int, actor: str) -> bool:
    """The same for a pause whose end is reached; False for one that was made longer meanwhile."""
    row = _lock(session, project_id)
    return row.pause is None and resume(session, project_id, actor)


def require_going(project: Project) -> None:
    """Refuse a paused project (ProjectPaused)."""
    pause = project.pause
    if pause is not None:
        raise ProjectPaused(pause.reason)


def _lock(session: Session, project_id: int) -> Project:
    # NO KEY: contributions and claims of its tasks, which name the project, don't wait.
    return session.get_one(Project, project_id, with_for_update={"key_share": True}, populate_existing=True)
