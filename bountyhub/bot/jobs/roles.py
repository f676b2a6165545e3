"""What somebody may do in the installed repositories, asked after they sign in: decides which buttons they see.

Maintainers are asked about again and again: who was removed is named on no page and gets no decider's mail.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run, job
from bountyhub.kit.database import reading, transaction
from bountyhub.people.models import Identity
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.operations import note_role
from bountyhub.projects.queries import installed_repositories, repository_by_forge_id


@job("forge.refresh_roles", queue="forge")
def refresh_roles(run: Run, person: int) -> None:
    """Ask the forge for a person's permission in each installed repository."""
    with reading() as session:
        repositories = [row.forge_id for row in installed_repositories(session)]
    answers = ask(person, repositories)
    with transaction() as session:
        note(session, person, answers)
        run.done(session)


@job("forge.refresh_role", queue="sweep")
def refresh_role(run: Run, person: int, repository: int) -> None:
    """Ask again for a person's permission in one repository (forge id)."""
    answers = ask(person, [repository])
    with transaction() as session:
        note(session, person, answers)
        run.done(session)


def ask(person: int, repositories: Sequence[int]) -> dict[int, Permission]:
    """What the forge says a person may do in these repositories (forge ids); nothing without an account there."""
    with reading() as session:
        identity = session.scalars(select(Identity).where(Identity.person_id == person)).first()
    if identity is None:
        return {}
    asked = ForgePerson(identity.forge_id, identity.login, identity.is_bot)
    answers = {repository: _permission(repository, asked) for repository in repositories}
    return {repository: permission for repository, permission in answers.items() if permission is not None}


def note(session: Session, person: int, answers: dict[int, Permission]) -> None:
    """Remember those answers."""
    for repository, permission in sorted(answers.items()):
        row = repository_by_forge_id(session, repository)
        if row is not None:
            note_role(session, row, person, permission)


def _permission(repository: int, person: ForgePerson) -> Permission | None:
    """None where the forge doesn't tell us any more."""
    try:
        return forge().permission(repository, person)
    except (OutsideGone, OutsideRefused):
        return None
