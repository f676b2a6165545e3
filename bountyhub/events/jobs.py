"""What the outbox does for itself."""

from __future__ import annotations

from bountyhub.events import outbox
from bountyhub.events.registry import Run, recurring
from bountyhub.kit.database import transaction


@recurring("events.purge", every=86_400)
def purge(run: Run) -> None:
    """Finished jobs are of no use after two weeks."""
    with transaction() as session:
        outbox.purge(session)
