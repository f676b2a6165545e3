"""Who acts, and what the forge says at this moment they may do in a repository.

Every deciding button asks the forge again, before and outside its transaction; the answer is remembered for drawing
buttons.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.http.session import CurrentPerson, current_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.people import queries as people
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import Actor, actor_of_person
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideError, OutsideGone
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Repository, Role
from bountyhub.projects.operations import note_role
from bountyhub.projects.policies import permission_with
from bountyhub.projects.rules import is_maintainer
from bountyhub.work.errors import NotAMaintainer

#: Repositories that one page asks about at most.
MOST_ASKED = 5


@dataclass(frozen=True)
class Acting:
    """A signed-in person with their permission in one repository."""

    actor: Actor
    permission: Permission


def actor_now(session: Session) -> Actor:
    """The signed-in person as an actor; raises SignInNeeded."""
    return actor_of_person(session, session.get_one(Person, require_person().id))


def acting_in(repository_id: int) -> Acting:
    """The signed-in person and what they may do in a repository now, as the forge and its policy file say.

    Raises SignInNeeded, OutsideError.
    """
    person = require_person()
    with reading() as session:
        repository = projects.repository(session, repository_id)
        identity = people.identity_of(session, person.id)
    permission = ask_permission(repository.forge_id, identity)
    with transaction() as session:
        note_role(session, repository, person.id, permission)
        if identity is not None:
            permission = permission_with(session, repository.id, identity.forge_id, permission)
        return Acting(actor_now(session), permission)


def maintainer_of(project_id: int) -> Acting:
    """The signed-in person with the most they may do in a repository of a project now.

    Raises NotFound, SignInNeeded, NotAMaintainer, OutsideError.
    """
    return maintainer_and_repository(project_id)[0]


def maintainer_and_repository(project_id: int) -> tuple[Acting, Repository]:
    """The same with that repository: the forge is asked about other people there."""
    require_person()
    with reading() as session:
        projects.project(session, project_id)
        repositories = projects.repositories_of(session, project_id)[:MOST_ASKED]
    found = [(acting_in(repository.id), repository) for repository in repositories]
    acting, repository = max(found, key=lambda pair: pair[0].permission, default=(None, None))
    if acting is None or repository is None or not is_maintainer(acting.permission):
        raise NotAMaintainer()
    return acting, repository


def ask_permission(repository_forge_id: int, identity: Identity | None) -> Permission:
    """What the forge says of an account; NONE for somebody without one, or where the App may not look."""
    if identity is None:
        return Permission.NONE
    try:
        return forge().permission(repository_forge_id, ForgePerson(identity.forge_id, identity.login))
    except OutsideGone:
        return Permission.NONE


def learn_roles(project_id: int) -> None:
    """Ask what the signed-in person may do in repositories of a project that they were never asked about.

    Who has just installed the App finds their buttons at once; the forge being away only delays them.
    """
    person = current_person()
    identity = identity_now(person) if person is not None else None
    if person is None or identity is None:
        return
    with reading() as session:
        known = select(Role.repository_id).where(Role.person_id == person.id)
        query = select(Repository).where(Repository.project_id == project_id, Repository.id.not_in(known))
        unknown = session.scalars(query.where(Repository.installation_id.is_not(None)).limit(MOST_ASKED)).all()
    for repository in unknown:
        try:
            permission = ask_permission(repository.forge_id, identity)
        except OutsideError:
            return
        with transaction() as session:
            note_role(session, repository, person.id, permission)


def identity_now(person: CurrentPerson) -> Identity | None:
    """The forge account of the signed-in person."""
    with reading() as session:
        return people.identity_of(session, person.id)
