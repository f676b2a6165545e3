"""Looks once a day whether the papers are complete and unchanged, and raises an alarm when they aren't."""

from __future__ import annotations

from bountyhub.events import alarms, outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.funding.operations.paper_checks import SCOPE, as_alarms, check_papers
from bountyhub.kit.database import reading, transaction

#: A million papers are hashed in less.
LONGEST_SECONDS = 900


@recurring("funding.check_papers", every=86_400)
def begin_to_look(run: Run) -> None:
    """What takes long is a job of its own, behind everything else."""
    with transaction() as session:
        outbox.add(session, "funding.look_at_papers", key="funding.look_at_papers")


@job("funding.look_at_papers", queue="sweep", seconds=LONGEST_SECONDS)
def look_at_papers(run: Run) -> None:
    """Every number, every text, every movement."""
    with reading() as session:
        found = list(check_papers(session))
    with transaction() as session:
        alarms.settle(session, SCOPE, as_alarms(found))
        run.done(session)
