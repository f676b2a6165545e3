"""Imports go on here, slice by slice: each issue is read and recorded by itself, so a crash loses and repeats none.

In the queue behind everything else: a merge never waits for an import.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import select

from bountyhub.events.registry import Run, job
from bountyhub.kit.database import reading, transaction
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import CLOCK, actor_of_person
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.ports.forge import ForgePerson, IssueInfo, Permission
from bountyhub.ports.forge_lists import Narrowed
from bountyhub.projects.models import Repository
from bountyhub.projects.policies import permission_with
from bountyhub.projects.queries import is_installed
from bountyhub.projects.rules import is_maintainer
from bountyhub.tasks.imports.models import UNDER_WAY, Chosen, ImportItem, ImportState, IssueImport, ItemState
from bountyhub.tasks.imports.operations import go_on_or_finish, record_list, stop_import, take_issue
from bountyhub.tasks.imports.rules import MOST_PAGES, SLICE

log = logging.getLogger("bountyhub.imports")
NO_APP = "The App isn’t on the repository any more."
NO_RIGHTS = "Whoever began it may not merge in the repository any more."
ARCHIVED = "The repository was archived."
NOT_SHOWN = "GitHub doesn’t show the repository’s issues."


@job("tasks.import_issues", queue="sweep")
def import_issues(run: Run, number: int) -> None:
    """One slice of an import, then the next one is asked for; over once it is stopped."""
    with reading() as session:
        row = session.get(IssueImport, number)
        repository = session.get_one(Repository, row.repository_id) if row else None
    if row is None or repository is None or row.state not in UNDER_WAY:
        return
    why = _why_stop(row, repository)
    if not why:
        try:
            _go_on(row, repository)
        except OutsideUnavailable:
            raise
        except (OutsideGone, OutsideRefused) as refusal:
            log.warning("import %s: %s", number, refusal)
            why = NOT_SHOWN
    with transaction() as session:
        if why:
            stop_import(session, number, CLOCK, why)
        else:
            go_on_or_finish(session, number)
        run.done(session)


def _why_stop(row: IssueImport, repository: Repository) -> str:
    """What was true when it began must still be: the App is there and whoever began it may merge, says the forge."""
    with reading() as session:
        installed = is_installed(session, session.get_one(Repository, repository.id))
        identity = session.scalars(select(Identity).where(Identity.person_id == row.person_id)).first()
    if not installed:
        return NO_APP
    if repository.archived:
        return ARCHIVED
    if row.person_id is None or identity is None:
        return NO_RIGHTS
    try:
        permission = forge().permission(repository.forge_id, ForgePerson(identity.forge_id, identity.login))
    except OutsideGone:
        permission = Permission.NONE
    except NotInstalled:  # no webhook told of it yet
        return NO_APP
    with reading() as session:  # whom the policy file names opens tasks too
        permission = permission_with(session, repository.id, identity.forge_id, permission)
    return "" if is_maintainer(permission) else NO_RIGHTS


def _go_on(row: IssueImport, repository: Repository) -> None:
    if row.state is ImportState.LISTING:
        found, more = list_items(repository.forge_id, narrowed_of(row))
        with transaction() as session:
            record_list(session, row.id, found, more=more)
    for item in _waiting(row.id):
        try:
            issue = forge().read_issue(repository.forge_id, item.number)
        except OutsideGone:
            issue = None
        if not _take(row, item, repository, issue):
            return


def narrowed_of(row: IssueImport) -> Narrowed:
    """What the forge is asked for."""
    return Narrowed(label=row.name if row.chosen is Chosen.LABEL else "", milestone=row.milestone)


def list_items(repository: int, narrowed: Narrowed) -> tuple[list[IssueInfo], bool]:
    """What is open in a repository (forge id), newest first; whether there is more than is looked through."""
    found: list[IssueInfo] = []
    for page in range(1, MOST_PAGES + 1):
        listed = forge().open_items(repository, page, narrowed)
        found += listed
        if len(listed) < 100:  # the port's size of a page
            return _carrying(found, narrowed.label), False
    return _carrying(found, narrowed.label), True


def _carrying(items: list[IssueInfo], label: str) -> list[IssueInfo]:
    """A forge that can't narrow by some label lists everything."""
    wanted = {label.lower()} - {""}
    return [item for item in items if wanted <= {name.lower() for name in item.labels}]


def _waiting(import_id: int) -> Sequence[ImportItem]:
    query = select(ImportItem).where(ImportItem.import_id == import_id, ImportItem.state == ItemState.WAITING)
    with reading() as session:
        return session.scalars(query.order_by(ImportItem.number.desc()).limit(SLICE)).all()


def _take(row: IssueImport, item: ImportItem, repository: Repository, issue: IssueInfo | None) -> bool:
    with transaction() as session:
        person = session.get(Person, row.person_id) if row.person_id is not None else None
        if person is None:
            return False
        here = session.get_one(Repository, repository.id)
        return take_issue(session, row.id, item.id, here, issue, actor_of_person(session, person))
