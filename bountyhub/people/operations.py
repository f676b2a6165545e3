"""Verbs of people: noting forge identities, signing in, sessions, mailed links. Called by sign-in views and work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit
from bountyhub.kit import clock, ids
from bountyhub.kit.database import find_or_make
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import Identity, LinkPurpose, LoginSession, MailLink, Person
from bountyhub.people.rules import normal_email
from bountyhub.ports.forge import ForgePerson

SESSION_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Actor:
    """Who does something: a signed-in person, a forge identity, or both; `name` is for the audit trail."""

    person_id: int | None
    identity_id: int | None
    name: str


OPERATOR = Actor(None, None, "operator")
CLOCK = Actor(None, None, "clock")
FORGE = Actor(None, None, "github")
PROCESSOR = Actor(None, None, "stripe")


def actor_of_identity(session: Session, identity: Identity) -> Actor:
    """The actor behind a comment or click on the forge."""
    return Actor(identity.person_id, identity.id, f"identity:{identity.id}")


def actor_of_person(session: Session, person: Person) -> Actor:
    """The signed-in actor, with their forge identity when they have one."""
    identity = session.scalars(select(Identity.id).where(Identity.person_id == person.id)).first()
    return Actor(person.id, identity, f"person:{person.id}")


def note_identity(session: Session, person: ForgePerson, forge: str = "github") -> Identity:
    """Know a forge account by its number; its login is refreshed."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # A deleted account (id 0) is nobody who could ever be paid, so it counts as a bot does.
    values = {"login": person.login, "is_bot": person.is_bot or person.id == 0}
    statement = insert(Identity).values(forge=forge, forge_id=person.id, created_at=clock.now(), **values)
    row = session.execute(
        statement.on_conflict_do_update(index_elements=["forge", "forge_id"], set_=values).returning(Identity.id)
    ).one()
    return session.get_one(Identity, row[0], populate_existing=True)


def note_identities(session: Session, persons: Iterable[ForgePerson]) -> None:
    """Know several at once, in the order everybody takes them: the first locks of a change, before any task's."""
    for _, person in sorted({person.id: person for person in persons}.items()):
        note_identity(session, person)


def sign_in_with_forge(session: Session, forge_person: ForgePerson, email: str | None) -> Person:
    """The person behind a forge account, made at the first sign-in; `email` is one the forge has verified.

    A person who already proved the same address by a mailed link is the same person.
    """
    identity = note_identity(session, forge_person)
    address = normal_email(email) if email else None
    person = session.get(Person, identity.person_id) if identity.person_id else None
    if person is None:
        person = _joined_or_new(session, forge_person.login, address)
    if person.email is None and address:
        _take_address(session, person, address)
    person.name = forge_person.login
    identity.person_id = person.id
    return person


def _joined_or_new(session: Session, name: str, address: str | None) -> Person:
    """Who proved this address by mail, else somebody new, without it where somebody has it (since a moment, maybe)."""
    if address is None:
        return _new_person(session, name, None)

    def known() -> Person | None:
        joined = _mail_only_person(session, address)
        return joined or (_new_person(session, name, None) if _taken(session, address) else None)

    return find_or_make(session, known, lambda: _new_person(session, name, address))


def _take_address(session: Session, person: Person, address: str) -> None:
    """A free address becomes theirs; who was quicker keeps it."""
    if _taken(session, address):
        return
    try:
        with session.begin_nested():
            person.email = address
    except IntegrityError:
        session.refresh(person)


def sign_in_with_mail(session: Session, email: str) -> Person:
    """The person who owns a confirmed address, made (without a public name) at the first sign-in."""
    address = normal_email(email)
    query = select(Person).where(Person.email == address)
    return find_or_make(session, lambda: session.scalars(query).first(), lambda: _new_person(session, "", address))


def _mail_only_person(session: Session, address: str) -> Person | None:
    """Who proved this address by mail and has no forge account yet. Addresses change hands, so a person who has one
    is never joined by a second account that claims the same address."""
    query = select(Person).where(Person.email == address).with_for_update(key_share=True)
    person = session.scalars(query).first()
    if person is None:
        return None
    known = session.scalars(select(Identity.id).where(Identity.person_id == person.id)).first()
    return person if known is None else None


def _taken(session: Session, address: str) -> bool:
    return session.scalars(select(Person.id).where(Person.email == address)).first() is not None


def _new_person(session: Session, name: str, email: str | None) -> Person:
    person = Person(name=name[:100], email=email, created_at=clock.now())
    session.add(person)
    session.flush()
    audit.record(session, f"person:{person.id}", "person_signed_in_first", "person", person.id)
    return person


def open_session(session: Session, person: Person) -> str:
    """A new signed-in session; the secret goes into the cookie and nowhere else."""
    secret, now = ids.new_secret(), clock.real_now()
    session.add(
        LoginSession(
            person_id=person.id,
            secret_digest=ids.digest(secret),
            signed_in_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    return secret


def close_session(session: Session, secret: str) -> None:
    """Revoke a session; an unknown one is already closed."""
    row = session.scalars(select(LoginSession).where(LoginSession.secret_digest == ids.digest(secret))).first()
    if row is not None:
        row.revoked_at = row.revoked_at or clock.real_now()


def close_all_sessions(session: Session, person: Person) -> None:
    """Sign a person out everywhere; links to sign in that lie in a mailbox open nothing any more."""
    for row in session.scalars(select(LoginSession).where(LoginSession.person_id == person.id)):
        row.revoked_at = row.revoked_at or clock.real_now()
    if person.email is not None:
        _end_links(session, person.email)


def _end_links(session: Session, email: str) -> set[int]:
    """Use up every link to sign in of an address (locked in one order, for two may be clicked at once); their ids."""
    query = select(MailLink).where(MailLink.email == email, MailLink.purpose == LinkPurpose.SIGN_IN)
    ended = session.scalars(query.where(MailLink.used_at.is_(None)).order_by(MailLink.id).with_for_update()).all()
    for link in ended:
        link.used_at = clock.real_now()
    return {link.id for link in ended}


def make_link(session: Session, purpose: LinkPurpose, email: str, contribution_id: int | None = None) -> str:
    """A mailed link's secret; only its digest is kept.

    To sign in it is valid for 30 days of protocol time; to look and withdraw as long as its money may be held.
    """
    secret, now = ids.new_secret(), clock.real_now()
    signs_in = purpose is LinkPurpose.SIGN_IN
    life = LINK_LIFE if signs_in else timedelta(days=settings.current().HOLD_DAYS) + LINK_LIFE
    session.add(
        MailLink(
            purpose=purpose, secret_digest=ids.digest(secret), email=normal_email(email),
            contribution_id=contribution_id, created_at=now, expires_at=now + life,
        )
    )  # fmt: skip
    return secret


def find_link(session: Session, secret: str, purpose: LinkPurpose) -> MailLink:
    """The live link of a secret; raises LinkOver for one that is unknown, used or expired."""
    query = select(MailLink).where(MailLink.secret_digest == ids.digest(secret), MailLink.purpose == purpose)
    link = session.scalars(query).first()
    if link is None or link.expires_at < clock.real_now() or link.used_at is not None:
        raise LinkOver()
    return link


def use_link(session: Session, secret: str) -> Person:
    """Sign in by a mailed link, once; the others that were asked for are over too. Raises LinkOver."""
    link = find_link(session, secret, LinkPurpose.SIGN_IN)
    if link.id not in _end_links(session, link.email):
        raise LinkOver()
    return sign_in_with_mail(session, link.email)
