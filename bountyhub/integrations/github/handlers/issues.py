"""An issue edited, closed, reopened, labelled, moved or deleted."""

from __future__ import annotations

from bountyhub.events.registry import Run
from bountyhub.integrations.github import reads
from bountyhub.ports.forge import ForgeEvent

ACTIONS = frozenset(
    ("opened", "edited", "closed", "reopened", "labeled", "unlabeled", "transferred", "deleted", "locked", "unlocked")
)


def changed(run: Run, hint: ForgeEvent) -> None:
    """Read the issue again; a moved one answers from its new place, a deleted one not at all."""
    if hint.repository is None or hint.issue is None:
        reads.finish(run)
    else:
        reads.read_issue(run, hint.repository, hint.issue)
