"""Forgetting a person: who is meant, and what people know of them. Called by `work.operations.forget`.

The row of a person stays without a word in it, so that its number is never given to anybody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bountyhub.kit.errors import NotFound
from bountyhub.people.errors import Ambiguous
from bountyhub.people.models import Identity, LoginSession, MailLink, Person
from bountyhub.people.rules import is_email, normal_email

#: What stands where a login stood. No forge allows spaces in one, so it is nobody's.
LEFT = "somebody who left"


@dataclass(frozen=True)
class Subject:
    """Somebody to forget: by number, by forge accounts, by addresses; any of them may be missing."""

    person_id: int | None
    identity_ids: tuple[int, ...]
    forge_ids: frozenset[int]
    logins: frozenset[str]
    emails: frozenset[str]

    @property
    def actors(self) -> list[str]:
        """What the audit trail calls them."""
        number = [f"person:{self.person_id}"] if self.person_id is not None else []
        return [*number, *(f"identity:{id}" for id in self.identity_ids)]


def find_subject(session: Session, who: str) -> Subject:
    """Somebody by number, login or e-mail address, with all that is theirs, locked; raises NotFound, Ambiguous.

    An address alone is enough: who paid signed out is known by nothing else, so it is found even without a row here.
    """
    wanted = who.strip()
    address = normal_email(wanted) if is_email(wanted) else None
    person, identities = _people(session, wanted, address)
    if person is None and not identities and address is None:
        raise NotFound("Nobody here goes by that.", advice="Name a login, an e-mail address or a person's number.")
    emails = {person.email if person else None, address, *(identity.email for identity in identities)}
    return Subject(
        person_id=person.id if person else None, identity_ids=tuple(identity.id for identity in identities),
        forge_ids=frozenset(identity.forge_id for identity in identities),
        logins=frozenset(identity.login for identity in identities), emails=frozenset(e for e in emails if e),
    )  # fmt: skip


def _people(session: Session, wanted: str, address: str | None) -> tuple[Person | None, Sequence[Identity]]:
    named = None if address or wanted.isdigit() else _named(session, wanted.removeprefix("@"))
    which = Person.email == address if address else Person.id == _number(wanted, named)
    query = select(Person).where(which, or_(Person.name != "", Person.email.is_not(None)))
    person = session.scalars(query.with_for_update(key_share=True)).first()
    if person is None:
        return None, [named] if named is not None else []
    theirs = select(Identity).where(Identity.person_id == person.id).order_by(Identity.id)
    return person, session.scalars(theirs.with_for_update(key_share=True)).all()


def _named(session: Session, login: str) -> Identity | None:
    query = select(Identity).where(func.lower(Identity.login) == login.lower(), Identity.forge_id > 0)
    found = session.scalars(query).all()
    if len(found) > 1:  # a login that was given up and taken by somebody else
        raise Ambiguous(len(found))
    return found[0] if found else None


def _number(wanted: str, named: Identity | None) -> int:
    if named is not None:
        return named.person_id or 0
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0


def forget_subject(session: Session, subject: Subject, contribution_ids: Sequence[int]) -> None:
    """Name, addresses, forge accounts, sessions and mailed links are gone."""
    for identity in session.scalars(select(Identity).where(Identity.id.in_(subject.identity_ids))):
        identity.login, identity.forge_id, identity.email, identity.person_id = LEFT, -identity.id, None, None
    links = MailLink.email.in_(subject.emails) | MailLink.contribution_id.in_(contribution_ids)
    if subject.person_id is not None:
        links |= MailLink.person_id == subject.person_id
        session.execute(delete(LoginSession).where(LoginSession.person_id == subject.person_id))
        person = session.get_one(Person, subject.person_id)
        person.name, person.email, person.news_stopped_at = "", None, None
        person.email_before, person.email_changed_at = None, None
    session.execute(delete(MailLink).where(links))
    session.flush()
