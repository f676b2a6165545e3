"""Jobs that read one thing again, asked for by the domain before something ends and by reconciliation."""

from __future__ import annotations

from bountyhub.events.registry import Run, job
from bountyhub.integrations.github import reads


@job("forge.read_pull", queue="forge")
def read_pull(run: Run, repository: int, number: int) -> None:
    """Record a pull request (forge id of its repository, number) as it stands."""
    reads.read_pull(run, repository, number)


@job("forge.read_issue", queue="forge")
def read_issue(run: Run, repository: int, number: int) -> None:
    """Record an issue (forge id of its repository, number) as it stands."""
    reads.read_issue(run, repository, number)


@job("forge.sync_installation", queue="forge")
def sync_installation(run: Run, installation: int) -> None:
    """Record an installation (forge id) and the repositories it covers."""
    reads.read_installation(run, installation)
