"""What RQ calls: one outbox row, by its number. A stale number (the row was handed out again since) does nothing."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.events import moved_time, outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading


def run_row(row: int, attempt: int) -> None:
    """Run a claimed row; failures are put off in the row itself, so RQ never sees one."""
    if settings.current().is_sandboxed:
        moved_time.load()  # a web process may have moved it
    with reading() as session:
        known = session.get(OutboxJob, row)
    if known is None or known.attempts != attempt or known.finished_at is not None:
        return
    outbox.run(Run(row, attempt, known.args.get("inbox")))
