"""What an operator types to name whose money is stopped, and how a stop is shown."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.origin import payment_of
from bountyhub.kit.errors import DomainError
from bountyhub.payouts.models import Stop, StopScope
from bountyhub.people.models import Identity
from bountyhub.projects.models import Project
from bountyhub.tasks.models import Task

_NUMBER = re.compile(r"(?:.*/)?#?(\d{1,15})/?", re.ASCII)


class TargetUnknown(DomainError):
    """What was typed names nothing here."""

    status = 422
    code = "target_unknown"


def target_of(session: Session, scope: StopScope, typed: str) -> str:
    """The target of a stop: number or address of a project or task, a GitHub login, a contribution's reference.

    Raises TargetUnknown.
    """
    if scope is StopScope.SITE:
        return ""
    if scope is StopScope.PERSON:
        return _person(session, typed)
    if scope is StopScope.CARD:
        return _card(session, typed)
    found, model = _NUMBER.fullmatch(typed), Project if scope is StopScope.PROJECT else Task
    if found is None or session.get(model, int(found[1])) is None:
        raise TargetUnknown(f"There is no such {scope} here: write its number or its address.")
    return str(int(found[1]))


def _person(session: Session, login: str) -> str:
    query = select(Identity.person_id).where(Identity.login == login.removeprefix("@"), Identity.person_id.is_not(None))
    person = session.scalars(query).first()
    if person is None:
        raise TargetUnknown("Nobody with that GitHub login has signed in here.")
    return str(person)


def _card(session: Session, ref: str) -> str:
    contribution = session.scalars(select(Contribution).where(Contribution.ref == ref)).first()
    card = payment_of(session, contribution).card if contribution is not None else None
    if card is None:
        raise TargetUnknown("Write the reference of a contribution that was paid by that card.")
    return card


def named(session: Session, stop: Stop) -> str:
    """Whose money a stop holds, for operators."""
    if stop.scope is StopScope.SITE:
        return "the whole site"
    if stop.scope is StopScope.CARD:
        return f"a card ({stop.target[:8]})"
    if stop.scope is StopScope.PERSON:
        login = session.scalars(select(Identity.login).where(Identity.person_id == int(stop.target))).first()
        return f"@{login}" if login else f"person {stop.target}"
    if stop.scope is StopScope.PROJECT:
        return f"project {stop.target}: {session.get_one(Project, int(stop.target)).name}"
    return f"task {stop.target}: {session.get_one(Task, int(stop.target)).title}"
