"""Commits that came onto a branch."""

from __future__ import annotations

from bountyhub.bot import lookups, reads
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgeEvent
from bountyhub.projects.policy_file import PATH

#: A push has no action.
ACTIONS = frozenset(("",))


def pushed(run: Run, hint: ForgeEvent) -> None:
    """Look through branches that pay for reverts; other branches are nobody's business.

    The first look at a branch is reconciliation's, which comes within minutes and goes back for days.
    """
    if PATH in hint.paths and hint.repository is not None:
        _read_policy(hint.repository)
    with reading() as session:
        concerned = lookups.is_watched(session, hint.repository or 0, hint.ref.removeprefix("refs/heads/"))
    if hint.repository is None or not concerned:
        reads.finish(run)
    else:
        reads.read_pushes(run, hint.repository)


def _read_policy(repository: int) -> None:
    """Whichever branch it was: only what the default one has is recorded."""
    with transaction() as session:
        outbox.add(session, "forge.read_policy", key=f"policy:{repository}", repository=repository)
