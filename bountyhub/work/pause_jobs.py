"""Pauses of projects that end by themselves."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.projects.models import Project
from bountyhub.work.operations.pausing import end_pause


@recurring("work.sweep_pauses", every=60)
def sweep_pauses(run: Run) -> None:
    """Nothing waits for this but what the bot says: a pause whose end is reached holds nothing up."""
    query = select(Project.id).where(Project.paused_at.is_not(None), Project.paused_until <= clock.now())
    with reading() as session:
        due = session.scalars(query.order_by(Project.id)).all()
    each(due, _end)


def _end(project_id: int) -> None:
    with transaction() as session:
        end_pause(session, project_id)
