"""What follows from reverts later: a window that opens after one, the operator's alarm for what was paid already."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import alarms
from bountyhub.events.alarms import Found
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.work.models import Claim, ClaimState, Revert
from bountyhub.work.operations.reverts import look_again

SCOPE = "revert:"
#: So long operators see what was reverted after its release.
SHOWN = timedelta(days=30)


@job("work.look_at_reverts", queue="forge")
def look_at_reverts(run: Run, claim: int) -> None:
    """A claim's window opened, and its change had been reverted before."""
    with transaction() as session:
        look_again(session, claim)
        run.done(session)


@recurring("work.sweep_reverts", every=300)
def sweep_reverts(run: Run) -> None:
    """Alarms for changes that were reverted when their money was released already."""
    with transaction() as session:
        alarms.settle(session, SCOPE, found(session))


def found(session: Session) -> list[Found]:
    """Every such change of the last days that wasn't merged again."""
    lately = select(Revert.claim_id).where(Revert.noted_at > clock.now() - SHOWN)
    query = select(Claim).where(Claim.state == ClaimState.RELEASED, Claim.reverted_url != "", Claim.id.in_(lately))
    return [
        Found(
            f"{SCOPE}{claim.ref}", "revert", f"claim {claim.id}",
            f"what #{claim.pull_number} brought was reverted after its money was released: {claim.reverted_url}",
        )
        for claim in session.scalars(query.order_by(Claim.id))
    ]  # fmt: skip
