"""Returns money that nobody could place."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Contribution, ContributionState, Refund
from bountyhub.funding.operations import (
    return_suspended,
)
from bountyhub.funding.rules import SUSPENSE
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import CLOCK

BATCH = 20_000


@recurring("funding.sweep_suspense", every=300)
def sweep_suspense(run: Run) -> None:
    """Money of a wrong amount or currency that nobody matched in seven days goes back."""
    before = clock.now() - SUSPENSE
    query = select(Contribution.id).where(Contribution.state == ContributionState.SUSPENDED)
    with reading() as session:
        due = session.scalars(query.where(Contribution.captured_at <= before).limit(BATCH)).all()
    each(due, _return_suspended)


def _return_suspended(contribution_id: int) -> None:
    with transaction() as session:
        contribution = session.get_one(Contribution, contribution_id, with_for_update=True, populate_existing=True)
        if not _already_returning(session, contribution):
            return_suspended(session, contribution, CLOCK)


def _already_returning(session: Session, contribution: Contribution) -> bool:
    return session.scalars(select(Refund.id).where(Refund.contribution_id == contribution.id)).first() is not None
