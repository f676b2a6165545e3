"""A pull request opened, edited, pushed to, drafted, closed, merged or reopened."""

from __future__ import annotations

from bountyhub.bot import lookups, reads
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgeEvent
from bountyhub.projects.queries import is_installed, repository_by_forge_id

#: After these a pull request may change other files than before.
PUSHED = frozenset(("opened", "synchronize", "reopened"))
ACTIONS = frozenset(("opened", "edited", "synchronize", "ready_for_review", "converted_to_draft", "closed", "reopened"))


def changed(run: Run, hint: ForgeEvent) -> None:
    """Read the pull request again, with everything that decides about money."""
    if hint.repository is None or hint.pull_request is None:
        reads.finish(run)
        return
    if hint.action in PUSHED:
        _check_policy(hint.repository, hint.pull_request)
    reads.read_pull(run, hint.repository, hint.pull_request)


def _check_policy(repository: int, number: int) -> None:
    """Where there are no tasks yet, nobody reads pull requests: then this is how one that brings a file is found."""
    with reading() as session:
        row = repository_by_forge_id(session, repository)
        alone = row is not None and is_installed(session, row) and not lookups.has_tasks(session, repository)
    if alone:
        with transaction() as session:
            key = f"policy-check:{repository}:{number}"
            outbox.add(session, "forge.check_policy", key=key, repository=repository, number=number)
