"""The operator who acts; every button of the desk begins here."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.http.session import require_fresh_person, require_operator
from bountyhub.people.models import Person
from bountyhub.people.operations import Actor, actor_of_person


def operator_now(session: Session) -> Actor:
    """The signed-in operator as an actor; raises NotFound for everybody else."""
    return actor_of_person(session, session.get_one(Person, require_operator().id))


def fresh_operator_now(session: Session) -> Actor:
    """The same, who signed in a few minutes ago; raises SignInAgain for an older session."""
    actor = operator_now(session)
    require_fresh_person()
    return actor
