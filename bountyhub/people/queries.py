"""Reads about people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bountyhub.kit import clock, ids
from bountyhub.people.models import GHOST, Identity, LinkPurpose, LoginSession, MailLink, Person
from bountyhub.ports import forge_key


class SignedIn(NamedTuple):
    """Whose a session is, since when, and whether one of their forge accounts is an operator's."""

    person: Person
    since: datetime
    is_operator: bool


def person_of_session(session: Session, secret: str, operators: Collection[int] = ()) -> SignedIn | None:
    """Who is signed in by this session secret; None for one unknown, revoked or expired."""
    theirs = Identity.forge_id.in_(list(operators)) & (Identity.forge == forge_key())
    is_operator = select(Identity.id).where(Identity.person_id == Person.id, theirs).exists()
    row = session.execute(
        select(Person, LoginSession.signed_in_at, is_operator)
        .join(LoginSession, LoginSession.person_id == Person.id)
        .where(LoginSession.secret_digest == ids.digest(secret), LoginSession.revoked_at.is_(None))
        .where(LoginSession.expires_at > clock.real_now())
    ).first()
    return None if row is None else SignedIn(row[0], row[1], bool(row[2]))


def identity_of(session: Session, person_id: int) -> Identity | None:
    """The forge account of a person, None for one who signs in by mail alone."""
    return session.scalars(select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)).first()


def identities_to_read(session: Session, before: datetime, limit: int) -> list[int]:
    """Forge ids of accounts that the forge didn't name since then (business time), the longest unread first.

    Deleted ones, bots and forgotten ones are left out.
    """
    query = select(Identity.forge_id).where(Identity.forge_id > 0, Identity.is_bot.is_(False), Identity.login != GHOST)
    unread = Identity.read_at.is_(None) | (Identity.read_at < before)
    query = query.where(unread).order_by(Identity.read_at.asc().nulls_first(), Identity.id)
    return list(session.scalars(query.limit(limit)))


def goes_by_another_login(session: Session, forge_id: int, login: str) -> bool:
    """Whether we know an account by its number, under another login."""
    query = select(Identity.id).where(Identity.forge_id == forge_id, Identity.login != login)
    return session.scalar(select(exists(query))) or False


def identity_ids(session: Session, person_id: int) -> list[int]:
    """All forge accounts of a person."""
    return list(session.scalars(select(Identity.id).where(Identity.person_id == person_id)))


def names(session: Session, person_ids: set[int]) -> dict[int, str]:
    """Public names by person id; somebody without a forge account has none."""
    if not person_ids:
        return {}
    query = select(Person).where(Person.id.in_(person_ids), Person.name != "")
    return {row.id: row.name for row in session.scalars(query)}


def link_email(session: Session, secret: str) -> str | None:
    """The address of a link that signs in or adds it, used up or not."""
    query = select(MailLink.email).where(MailLink.secret_digest == ids.digest(secret))
    return session.scalars(query.where(MailLink.purpose.in_([LinkPurpose.SIGN_IN, LinkPurpose.ADDRESS]))).first()
