"""Issues that got a label which their project follows: read again, with the rights of whoever put it on, then a task.

Anybody can open an issue by a template that brings labels along, and triagers may label: only who may merge counts.
"""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from bountyhub.bot import lookups
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.people.operations import Actor, actor_of_identity, note_identity
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused
from bountyhub.ports.forge import ForgePerson, IssueInfo
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import is_installed, repository_by_forge_id
from bountyhub.projects.rules import is_maintainer
from bountyhub.tasks.imports.rules import why_left_out
from bountyhub.tasks.operations import create_task

log = logging.getLogger("bountyhub.github")


@job("forge.follow_label", queue="forge")
def follow_label(run: Run, repository: int, number: int, person: int, login: str, label: str = "") -> None:
    """Make an issue (repository's forge id, number) a task if it carries a followed label (this one, if named)."""
    with reading() as session:
        names = lookups.followed_names(session, repository)
        done = lookups.has_decided(session, repository, number)
    issue = None if done or not names else _issue(repository, number)
    wanted = {label.lower()} if label else names
    carries = issue is not None and bool(wanted & {name.lower() for name in issue.labels})
    by = ForgePerson(person, login)
    ours = carries and _may_merge(repository, by)
    with transaction() as session:
        row = repository_by_forge_id(session, repository)
        if ours and issue is not None and row is not None and is_installed(session, row):
            actor = actor_of_identity(session, note_identity(session, by))
            _make(session, row, issue, actor)
        run.done(session, forget=True)


def _make(session: Session, repository: Repository, issue: IssueInfo, actor: Actor) -> None:
    """A project that is paused, or whose policy file says no, makes none: nobody waits for an answer."""
    try:
        with session.begin_nested():
            create_task(session, repository, issue, actor, opened=True, quiet=True)
    except DomainError as refusal:
        log.info("label on issue %s of repository %s: %s", issue.number, repository.forge_id, refusal.code)


def _issue(repository: int, number: int) -> IssueInfo | None:
    """None for what no import would take."""
    try:
        issue = forge().read_issue(repository, number)
    except (OutsideGone, NotInstalled):
        return None
    why = why_left_out(
        is_pull_request=issue.is_pull_request, is_open=issue.is_open, locked=issue.locked,
        moved=issue.repository != repository,
    )  # fmt: skip
    return None if why else issue


def _may_merge(repository: int, by: ForgePerson) -> bool:
    try:
        return is_maintainer(forge().permission(repository, by))
    except (OutsideGone, OutsideRefused) as refusal:
        log.warning("label by %s: %s", by.id, refusal)
        return False
