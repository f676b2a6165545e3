"""Jobs that read one thing again, asked for by the domain before something ends and by reconciliation.

And the one that looks for pull requests which were open before anything here could be linked to them.
"""

from __future__ import annotations

from bountyhub.bot import lookups, reads
from bountyhub.events import outbox
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone


@job("forge.read_pull", queue="forge")
def read_pull(run: Run, repository: int, number: int) -> None:
    """Record a pull request (forge id of its repository, number) as it stands."""
    reads.read_pull(run, repository, number)


@job("forge.read_issue", queue="forge")
def read_issue(run: Run, repository: int, number: int) -> None:
    """Record an issue (forge id of its repository, number) as it stands."""
    reads.read_issue(run, repository, number)


@job("forge.read_closed_issue", queue="forge")
def read_closed_issue(run: Run, repository: int, number: int) -> None:
    """Record an issue (forge id of its repository, number) that was closed, unless the merge that did it is known."""
    reads.read_closed_issue(run, repository, number)


@job("forge.read_pushes", queue="forge")
def read_pushes(run: Run, repository: int) -> None:
    """Look through what was pushed to a repository (forge id) since the last look."""
    reads.read_pushes(run, repository)


@job("forge.sync_installation", queue="forge")
def sync_installation(run: Run, installation: int) -> None:
    """Record an installation (forge id) and the repositories it covers."""
    reads.read_installation(run, installation)


@job("forge.find_pulls", queue="forge")
def find_pulls(run: Run, task: int) -> None:
    """Read every open pull request that names a task's issue: no webhook will tell of those opened before."""
    with reading() as session:
        repository, number = lookups.issue_of(session, task)
    try:
        found = forge().pulls_naming(repository, number)
    except (OutsideGone, NotInstalled):
        found = []  # hidden, deleted or without the App: asked for again when the task goes on
    with transaction() as session:
        for pull in found:
            key = f"pull:{repository}:{pull}"
            outbox.add(session, "forge.read_pull", key=key, repository=repository, number=pull)
        run.done(session)
