"""A pull request opened, edited, pushed to, drafted, closed, merged or reopened."""

from __future__ import annotations

from bountyhub.events.registry import Run
from bountyhub.integrations.github import reads
from bountyhub.ports.forge import ForgeEvent

ACTIONS = frozenset(("opened", "edited", "synchronize", "ready_for_review", "converted_to_draft", "closed", "reopened"))


def changed(run: Run, hint: ForgeEvent) -> None:
    """Read the pull request again, with everything that decides about money."""
    if hint.repository is None or hint.pull_request is None:
        reads.finish(run)
    else:
        reads.read_pull(run, hint.repository, hint.pull_request)
