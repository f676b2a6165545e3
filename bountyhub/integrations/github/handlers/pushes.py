"""Commits that came onto a branch."""

from __future__ import annotations

from bountyhub.events.registry import Run
from bountyhub.integrations.github import lookups, reads
from bountyhub.kit.database import reading
from bountyhub.ports.forge import ForgeEvent

#: A push has no action.
ACTIONS = frozenset(("",))


def pushed(run: Run, hint: ForgeEvent) -> None:
    """Look through branches that pay for reverts; other branches are nobody's business.

    The first look at a branch is reconciliation's, which comes within minutes and goes back for days.
    """
    with reading() as session:
        concerned = lookups.is_watched(session, hint.repository or 0, hint.ref.removeprefix("refs/heads/"))
    if hint.repository is None or not concerned:
        reads.finish(run)
    else:
        reads.read_pushes(run, hint.repository)
