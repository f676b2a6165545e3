"""Attempts whose days are over, and commands that are counted no more."""

from __future__ import annotations

from sqlalchemy import or_, select

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work.attempts import linked_pull
from bountyhub.work.models_attempts import Attempt, AttemptState
from bountyhub.work.operations.attempts import lapse_attempt
from bountyhub.work.operations.claims import show_claim
from bountyhub.work.operations.command_limits import forget_old
from bountyhub.work.operations.live_claims import count_anew

BATCH = 1000


@recurring("work.sweep_attempts", every=600)
def sweep_attempts(run: Run) -> None:
    """Those without a linked pull request at their end, and those on tasks that aren't open any more."""
    late = (Attempt.until <= clock.now()) & linked_pull().is_(None)
    query = select(Attempt.id).join(Task, Task.id == Attempt.task_id).where(Attempt.state == AttemptState.STANDING)
    query = query.where(or_(late, Task.state != TaskState.OPEN)).order_by(Attempt.id).limit(BATCH)
    with reading() as session:
        due = session.scalars(query).all()
    each(due, _lapse)


@recurring("work.purge_commands", every=86_400)
def purge_commands(run: Run) -> None:
    """Commands that were counted long ago."""
    with transaction() as session:
        forget_old(session)


@job("work.count_claims", queue="forge")
def count_claims(run: Run, identity: int) -> None:
    """A linked pull request of somebody is over: their next one counts, and is told of as any other."""
    with transaction() as session:
        for claim in count_anew(session, identity):
            show_claim(session, claim)
            if not claim.uncounted:
                outbox.add(session, "notify.claim_linked", claim=claim.id)
        run.done(session)


def _lapse(attempt_id: int) -> None:
    with transaction() as session:
        lapse_attempt(session, attempt_id)
