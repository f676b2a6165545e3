"""Finds what no webhook told: merges, new links, reverts, closed issues, removed installations.

Often: one cheap list of what was touched in each repository with live tasks. Seldom: everything that waits, one by one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.integrations.github import lookups
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.work.queries import watched_issues, watched_pulls

#: How far the first look at a repository goes back; GitHub keeps failed deliveries as long.
FIRST_LOOK = timedelta(days=3)
OVERLAP = timedelta(minutes=10)
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
    """Read again what was touched in a repository (forge id) since the last look."""
    with reading() as session:
        since = _since(lookups.last_scan(session, _scan_key(repository)))
    try:
        touched = forge().changed_since(repository, since)
    except (OutsideGone, OutsideRefused):
        touched = []  # the slow round and the webhooks of the installation say why
    with transaction() as session:
        outbox.add(session, "forge.read_pushes", key=f"pushes:{repository}", repository=repository)
        for item in touched:
            if item.is_pull_request:
                _ask(session, "pull", repository, item.number)
            elif lookups.has_task_for(session, repository, item.number):
                _ask(session, "issue", repository, item.number)
        run.done(session)


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


def _since(last: datetime | None) -> datetime:
    """Kept in protocol time, which is never ahead of business time: too much is listed rather than too little."""
    return clock.now() - FIRST_LOOK if last is None else last - OVERLAP
