"""The App installed, removed, suspended, given other repositories."""

from __future__ import annotations

from bountyhub.bot import reads
from bountyhub.events.registry import Run
from bountyhub.ports.forge import ForgeEvent

ACTIONS = frozenset(("created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"))
REPOSITORY_ACTIONS = frozenset(("added", "removed"))
TARGET_ACTIONS = frozenset(("renamed",))


def changed(run: Run, hint: ForgeEvent) -> None:
    """Read the installation and everything it covers again."""
    if hint.installation is None:
        reads.finish(run)
    else:
        reads.read_installation(run, hint.installation)
