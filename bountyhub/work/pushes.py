"""Looks through what came onto the branches that pay, for reverts that no pull request made.

Called for each push and, since webhooks get lost, by reconciliation and before a window ends.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.forge import CommitInfo
from bountyhub.projects import queries as projects
from bountyhub.projects.models import BranchHead, Repository
from bountyhub.projects.operations import note_head
from bountyhub.work.operations.reverts import note_reverts
from bountyhub.work.pulls import hear_of, read_and_record
from bountyhub.work.reverting import of_commit, waiting

#: A look that is older than this is repeated before money moves.
FRESH = timedelta(minutes=10)


def read_pushes(repository_forge_id: int, run: Run | None = None) -> None:
    """Note the reverts among what was pushed since the last look; a crash before its end repeats the look."""
    with reading() as session:
        repository = projects.repository_by_forge_id(session, repository_forge_id)
        branches = projects.paying_branches(session, repository) if repository is not None else []
    for branch in branches:
        assert repository is not None
        _read_branch(repository, branch)
    if run is not None:
        with transaction() as session:
            run.done(session)


def look_again_if_old(repository_id: int) -> None:
    """Look once more unless that was done minutes ago; nothing for a repository that nobody watches."""
    old = (BranchHead.repository_id == repository_id) & (BranchHead.read_at <= clock.now() - FRESH)
    with reading() as session:
        due = session.scalar(select(exists().where(old)))
        forge_id = projects.repository(session, repository_id).forge_id
    if due:
        read_pushes(forge_id)


def _read_branch(repository: Repository, branch: str) -> None:
    with reading() as session:
        since, etag = projects.look_of(session, repository.id, branch)
    pushed = forge().pushed(repository.forge_id, branch, since, etag)
    for commit in pushed.commits:
        if commit.takes_back:
            _hear(repository, commit)
    if pushed.head:
        with transaction() as session:
            note_head(session, repository.id, branch, pushed.head, pushed.etag)


def _hear(repository: Repository, commit: CommitInfo) -> None:
    """A pull request that brought the commit says it better: it is known by one name however it was merged."""
    brought_by = forge().pulls_of_commit(repository.forge_id, commit.sha)
    for number in brought_by:
        read_and_record(repository.forge_id, number)
    if brought_by:
        return
    said = of_commit(repository, commit)
    for number in waiting(said):
        hear_of(repository.forge_id, number)
    with transaction() as session:
        note_reverts(session, [said])
