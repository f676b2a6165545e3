"""Finds what no webhook told: merges, new links, reverts, closed issues, commands in comments, removed installations.

Often: two lists of what was touched in each repository with live tasks, which cost nothing while nothing is. Seldom:
everything that waits, one by one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bountyhub.bot import lookups, obeying, positions
from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused
from bountyhub.projects.queries import installation_of
from bountyhub.work.queries import watched_issues, watched_pulls

#: Between two reads of the slow round, so that it never eats the rate limit.
APART = timedelta(milliseconds=500)


@recurring("forge.reconcile", every=300)
def reconcile(run: Run) -> None:
    """Ask for a look at each repository that has live tasks."""
    with transaction() as session:
        for repository in lookups.watched_repositories(session):
            outbox.add(session, "forge.scan", key=_scan_key(repository), repository=repository)
        run.done(session)


@job("forge.scan", queue="sweep")
def scan(run: Run, repository: int) -> None:
    """Read again what was touched in a repository (forge id) since the last look, and obey comments nobody told of."""
    try:
        _scan_issues(repository)
        _scan_comments(repository)
    except (OutsideGone, OutsideRefused):
        pass  # the slow round and the webhooks of the installation say why
    with transaction() as session:
        outbox.add(session, "forge.read_pushes", key=f"pushes:{repository}", repository=repository)
        run.done(session)


def _scan_issues(repository: int) -> None:
    what = positions.issues_of(repository)
    with reading() as session:
        since, etag = positions.begin(session, what)
    changes = forge().changed_issues(repository, since, etag)
    with transaction() as session:
        for item in positions.note_changes(session, what, changes):
            if item.is_pull_request:
                _ask(session, "pull", repository, item.number)
            elif lookups.has_task_for(session, repository, item.number):
                _ask(session, "issue", repository, item.number)


def _scan_comments(repository: int) -> None:
    what = positions.comments_of(repository)
    with reading() as session:
        since, etag = positions.begin(session, what)
    changes = forge().changed_comments(repository, since, etag)
    written = [one for one in changes.items if one.created_at is not None and one.created_at >= since]
    oldest: dict[int, str] = {}
    for comment in obeying.pending(written):
        assert comment.created_at is not None
        oldest.setdefault(comment.number, comment.created_at.isoformat())
    with transaction() as session:
        for number, begun in sorted(oldest.items()):
            key = f"obey:{repository}:{number}:{begun}"
            outbox.add(session, "forge.obey", key=key, repository=repository, number=number, since=begun)
        positions.note(session, what, changes.since, changes.etag)


@job("forge.obey", queue="forge")
def obey(run: Run, repository: int, number: int, since: str) -> None:
    """Carry out the commands on an issue or pull request (repository's forge id, number) written since a moment."""
    with reading() as session:
        installed = installation_of(session, repository) is not None
    begun = datetime.fromisoformat(since)
    try:
        found = forge().comments_since(repository, number, begun) if installed else []
    except (OutsideGone, NotInstalled):
        found = []
    written = [one for one in found if one.created_at is not None and one.created_at >= begun]
    obeying.obey(run, repository, number, written)


@job("forge.find_installations", queue="sweep")
def find_installations(run: Run) -> None:
    """Installed again, unsuspended or new, and no webhook said so."""
    try:
        there = forge().installations()
    except OutsideRefused:
        there = []
    with transaction() as session:
        for installation in sorted(set(there) - set(lookups.live_installations(session))):
            key = f"installation-later:{installation}"
            outbox.add(session, "forge.sync_installation", key=key, installation=installation)
        run.done(session)


@recurring("forge.reconcile_all", every=6 * 3600)
def reconcile_all(run: Run) -> None:
    """Read all that waits again: installations, linked pull requests, issues of live tasks, maintainers."""
    with transaction() as session:
        at = clock.real_now()
        outbox.add(session, "forge.find_installations", key="installations")
        for installation in lookups.live_installations(session):
            key = f"installation-later:{installation}"
            outbox.add(session, "forge.sync_installation", key=key, run_at=at, installation=installation)
            at += APART
        for kind, items in (("pull", watched_pulls(session)), ("issue", watched_issues(session))):
            for repository, number in items:
                _ask(session, kind, repository, number, at)
                at += APART
        for person, repository in lookups.maintainers(session):
            key = f"role:{person}:{repository}"
            outbox.add(session, "forge.refresh_role", key=key, run_at=at, person=person, repository=repository)
            at += APART
        run.done(session)


def _ask(session: Session, kind: str, repository: int, number: int, at: datetime | None = None) -> None:
    # Another key for the slow round: what is asked for now must not wait for it.
    key = f"{kind}{'' if at is None else '-later'}:{repository}:{number}"
    outbox.add(session, f"forge.read_{kind}", key=key, run_at=at, repository=repository, number=number)


def _scan_key(repository: int) -> str:
    return f"scan:{repository}"
