"""The sealer: looks every few seconds for new entries, every hour for ones that committed very late."""

from __future__ import annotations

from datetime import timedelta

from bountyhub.events.registry import Run, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.log import sealing

#: After this a run ends and the next one goes on: a lease is 60 seconds.
LONGEST = timedelta(seconds=20)


@recurring("ledger.seal", every=10)
def seal(run: Run) -> None:
    """New entries are in the log, and told of, within seconds."""
    _seal_all(run, whole=False)


@recurring("ledger.seal_late", every=3600)
def seal_late(run: Run) -> None:
    """An entry whose transaction stayed open while thousands of others were booked and sealed."""
    _seal_all(run, whole=True)


def _seal_all(run: Run, *, whole: bool) -> None:
    """Batch by batch, each in its own short transaction, and none when nothing waits: on SQLite postings take turns
    with it."""
    end = clock.real_now() + LONGEST
    while _seal_batch(whole=whole) and clock.real_now() < end:
        pass
    with transaction() as session:
        run.done(session)


def _seal_batch(*, whole: bool) -> bool:
    """Whether there may be more."""
    with reading() as session:
        waiting = sealing.prepare(session, whole=whole)
    if not waiting:
        return False
    with transaction() as session:
        return sealing.append(session, waiting) == sealing.BATCH
