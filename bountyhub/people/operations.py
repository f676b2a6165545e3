"""Verbs of people: noting forge identities, signing in, sessions, mailed links. Called by sign-in views and work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.kit import clock, ids
from bountyhub.kit.database import find_or_make
from bountyhub.people.addresses import remember_address
from bountyhub.people.errors import AddressTaken, LinkOver
from bountyhub.people.models import GHOST, Identity, LinkPurpose, LoginSession, MailLink, Person
from bountyhub.people.rules import normal_email
from bountyhub.ports import forge_key
from bountyhub.ports.forge import ForgePerson

SESSION_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(days=30)
#: How exactly it is kept when an account was last named: what is done twice changes nothing.
READ_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class Actor:
    """Who does something: a signed-in person, a forge identity, or both; `name` is for the audit trail."""

    person_id: int | None
    identity_id: int | None
    name: str

    @property
    def role(self) -> str:
        """What the books call them: those can't be changed, so they carry nobody's number."""
        return self.name if self.person_id is None and self.identity_id is None else "person"


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


def note_identity(session: Session, person: ForgePerson) -> Identity:
    """Know a forge account by its number; its login is refreshed."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # A deleted account (id 0) is nobody who could ever be paid, so it counts as a bot does.
    values, now = {"login": person.login, "is_bot": person.is_bot or person.id == 0}, clock.now()
    statement = insert(Identity).values(forge=forge_key(), forge_id=person.id, created_at=now, read_at=now, **values)
    read = case((Identity.read_at > now - READ_AGAIN, Identity.read_at), else_=statement.excluded.read_at)
    row = session.execute(
        statement.on_conflict_do_update(
            index_elements=["forge", "forge_id"], set_={**values, "read_at": read}
        ).returning(Identity.id)
    ).one()
    identity = session.get_one(Identity, row[0], populate_existing=True)
    _rename(session, identity)
    return identity


def _rename(session: Session, identity: Identity) -> None:
    """Who signs in with this account is called what it is called now."""
    person = session.get(Person, identity.person_id) if identity.person_id is not None else None
    if person is not None and person.name != identity.login:
        person.name = identity.login


def note_gone(session: Session, forge_id: int) -> None:
    """A forge account was deleted: its login is anybody's now, so it isn't shown; what is theirs stays theirs."""
    query = select(Identity).where(Identity.forge == forge_key(), Identity.forge_id == forge_id)
    identity = session.scalars(query.with_for_update()).first()
    if identity is not None:
        identity.login, identity.read_at = GHOST, clock.now()
        _rename(session, identity)


def note_identities(session: Session, persons: Iterable[ForgePerson]) -> None:
    """Know several at once, in the order everybody takes them: the first locks of a change, before any task's."""
    for _, person in sorted({person.id: person for person in persons}.items()):
        note_identity(session, person)


def sign_in_with_forge(
    session: Session, forge_person: ForgePerson, email: str | None, current: Person | None = None
) -> Person:
    """The person behind a forge account, made at the first sign-in; `email` is the primary one the forge has verified.

    Who is signed in by mail alone (`current`) gets the account: they have just proven both. An address alone joins
    nobody, for addresses change hands and the forge may have verified it years ago.
    """
    identity = note_identity(session, forge_person)
    person = session.get(Person, identity.person_id) if identity.person_id else None
    if person is None and current is not None and signs_in_by_mail_alone(session, current):
        person = current
    if person is None:
        person = _new_person(session, forge_person.login, None)
    if email:
        _follow(session, person, identity, normal_email(email))
    person.name = forge_person.login
    identity.person_id = person.id
    return person


def _follow(session: Session, person: Person, identity: Identity, address: str) -> None:
    """The forge's address is theirs while the forge says so; one they proved by a link here stays."""
    from_forge = person.email is None or person.email == identity.email
    if from_forge and person.email != address:
        _change_email(session, person, None if _taken(session, address) else address)
    identity.email = address


def _change_email(session: Session, person: Person, address: str | None) -> None:
    """The address before is told: it opens nothing here any more. Who was quicker keeps a new one."""
    before = person.email
    try:
        with session.begin_nested():
            person.email = address
    except IntegrityError:
        session.refresh(person)
        return
    if before is not None:
        remember_address(person, before)
        outbox.add(session, "notify.address_changed", email=before)
        audit.record(session, f"person:{person.id}", "address_changed", "person", person.id)


def signs_in_by_mail_alone(session: Session, person: Person) -> bool:
    """Whether no forge account is theirs."""
    return session.scalars(select(Identity.id).where(Identity.person_id == person.id)).first() is None


def take_address(session: Session, person: Person, secret: str) -> Person | None:
    """Use a link that adds its address to the person who asked for it; who had it until now, signing in by mail alone.

    Raises LinkOver for another person's link, AddressTaken.
    """
    link = find_link(session, secret, LinkPurpose.ADDRESS)
    if link.person_id != person.id:
        raise LinkOver()
    link.used_at = clock.real_now()
    owner = session.scalars(select(Person).where(Person.email == link.email)).first()
    if owner is person:
        return None
    if owner is not None:
        if not signs_in_by_mail_alone(session, owner):
            raise AddressTaken()
        retire(session, owner, person)
    if person.email != link.email:
        _change_email(session, person, link.email)
    return owner


def retire(session: Session, by_mail: Person, into: Person) -> None:
    """Who signed in by mail alone turned out to be `into`: that is who signs in by their address from now on."""
    close_all_sessions(session, by_mail)
    address, by_mail.email = by_mail.email, None
    session.flush()
    into.email = into.email or address
    audit.record(session, f"person:{into.id}", "person_joined", "person", into.id, joined=by_mail.id)


def sign_in_with_mail(session: Session, email: str) -> Person:
    """The person who owns a confirmed address, made (without a public name) at the first sign-in."""
    address = normal_email(email)
    query = select(Person).where(Person.email == address)
    return find_or_make(session, lambda: session.scalars(query).first(), lambda: _new_person(session, "", address))


def _taken(session: Session, address: str) -> bool:
    return session.scalars(select(Person.id).where(Person.email == address)).first() is not None


def _new_person(session: Session, name: str, email: str | None) -> Person:
    person = Person(name=name[:100], email=email, created_at=clock.now())
    session.add(person)
    session.flush()
    audit.record(session, f"person:{person.id}", "person_signed_in_first", "person", person.id)
    return person


def note_organisation(session: Session, name: str) -> Person:
    """Somebody who is paid and never signs in: a charity."""
    person = Person(name=name[:100], email=None, created_at=clock.now())
    session.add(person)
    session.flush()
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


def link_for_account(session: Session, forge_id: int, email: str) -> str:
    """The secret of a sign-in link for whoever has this forge account, known by its number before they ever came.

    Raises AddressTaken where the address is somebody else's.
    """
    known = session.scalars(select(Identity.login).where(Identity.forge_id == forge_id)).first()
    person = sign_in_with_forge(session, ForgePerson(forge_id, known or f"account-{forge_id}"), email)
    if person.email != normal_email(email):
        raise AddressTaken()
    return make_link(session, LinkPurpose.SIGN_IN, email)


def make_link(
    session: Session, purpose: LinkPurpose, email: str, contribution_id: int | None = None,
    person_id: int | None = None, promise_id: int | None = None,
) -> str:  # fmt: skip
    """A mailed link's secret; only its digest is kept.

    To sign in it is valid for 30 days of protocol time; to look and withdraw as long as its money may be held, or
    its promise may stand.
    """
    secret, now = ids.new_secret(), clock.real_now()
    days = {
        LinkPurpose.CONTRIBUTION: settings.current().HOLD_DAYS, LinkPurpose.PROMISE: settings.current().PROMISE_DAYS,
    }  # fmt: skip
    life = timedelta(days=days.get(purpose, 0)) + LINK_LIFE
    session.add(
        MailLink(
            purpose=purpose, secret_digest=ids.digest(secret), email=normal_email(email),
            contribution_id=contribution_id, person_id=person_id, promise_id=promise_id, created_at=now,
            expires_at=now + life,
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
