"""When two sign-ins turn out to be one person: what belonged to the one by mail alone goes to the other."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.operations import hand_over_contributions
from bountyhub.funding.operations.promise_owners import hand_over_promises
from bountyhub.people.models import Person
from bountyhub.work.models import Objection


def hand_over(session: Session, old: Person, new: Person) -> None:
    """Contributions and objections of `old` are those of `new` from now on."""
    hand_over_contributions(session, old, new)
    hand_over_promises(session, old, new)
    for objection in session.scalars(select(Objection).where(Objection.person_id == old.id)):
        objection.person_id = new.id
