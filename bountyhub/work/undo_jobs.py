"""What follows an undone release: what came back is placed; proposals that nobody confirmed lapse."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.work.models import Undo, UndoState
from bountyhub.work.operations.undoing import bring_back, lapse_undo

BATCH = 20_000


@job("work.bring_back", queue="money")
def bring_back_job(run: Run, claim: int) -> None:
    """Something of an undone release came back from a payee, or was never sent."""
    with transaction() as session:
        bring_back(session, claim)
        run.done(session)


@recurring("work.sweep_undos", every=600)
def sweep_undos(run: Run) -> None:
    """Proposals to undo a release whose seven days are over."""
    query = select(Undo.id).where(Undo.state == UndoState.PROPOSED, Undo.until <= clock.now())
    with reading() as session:
        due = session.scalars(query.order_by(Undo.id).limit(BATCH)).all()
    each(due, _lapse)


def _lapse(undo_id: int) -> None:
    with transaction() as session:
        lapse_undo(session, undo_id)
