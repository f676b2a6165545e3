"""A repository renamed, handed over, archived, hidden or deleted."""

from __future__ import annotations

from bountyhub.bot import reads
from bountyhub.events.registry import Run
from bountyhub.ports.forge import ForgeEvent

ACTIONS = frozenset(
    ("archived", "deleted", "edited", "privatized", "publicized", "renamed", "transferred", "unarchived")
)


def changed(run: Run, hint: ForgeEvent) -> None:
    """Read the repository again."""
    if hint.repository is None:
        reads.finish(run)
    else:
        reads.read_repository(run, hint.repository)
