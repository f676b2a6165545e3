"""Tables of people: a person may sign in; an identity is known by the forge's number whether it signed in or not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words

#: What deleted accounts are called, as on the forge.
GHOST = "ghost"


class Person(Base):
    """Somebody who signed in at least once (with GitHub or by a mailed link); or a charity, which never does."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: What pages call them: the forge login. Empty while they sign in by mail alone: an address names nobody.
    name: Mapped[str] = mapped_column(String(100))
    #: Confirmed address in lower case: proven by the forge or by a mailed link. None until then.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_before: Mapped[str | None] = mapped_column(
        String(254), comment="the address before it was changed; forgotten after a week"
    )
    email_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when it was, business time")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: One-click stop of everything that isn't about this person's own money.
    news_stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Identity(Base):
    """An account of a forge, by its numeric id; logins are renamed and reused and only shown."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("forge", "forge_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    forge: Mapped[str] = mapped_column(String(20))
    forge_id: Mapped[int] = mapped_column(BigInt)
    login: Mapped[str] = mapped_column(String(100))
    is_bot: Mapped[bool]
    #: The verified primary address that the forge named last.
    email: Mapped[str | None] = mapped_column(String(254))
    read_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, index=True,
        comment="when the forge last named it, business time; none while it wasn't since this is kept",
    )  # fmt: skip
    #: Set when this account signed in here.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginSession(Base):
    """A revocable session; the cookie holds a secret of which only the digest is kept. Protocol time."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkPurpose(StrEnum):
    """What a mailed link lets its holder do."""

    SIGN_IN = "sign_in"
    CONTRIBUTION = "contribution"
    ADDRESS = "address"
    PROMISE = "promise"
    #: Says that somebody else changed where their money goes.
    NOT_ME = "not_me"


class MailLink(Base):
    """A mailed link: single use for signing in (confirmed by POST); a contribution's or a promise's link looks and
    withdraws.

    An address's link adds it to the person who asked, and works only for them. A warning's link stops somebody's money.
    """

    __tablename__ = "mail_link"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(words(LinkPurpose))
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    #: Which contribution it is for, when it is for one (no foreign key: funding lies above people).
    contribution_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    promise_id: Mapped[int | None] = mapped_column(BigInt, index=True, comment="which promise it is for, if for one")
    #: Whose address it will be, when it is to add one; whose money it stops, when it is a warning's.
    person_id: Mapped[int | None] = mapped_column(BigInt)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
