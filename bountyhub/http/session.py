"""Who is acting in this request: a revocable session behind Flask-Login, which is used only here.

`people` lies above this package, so the application wires in how sessions are opened, closed and looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, g
from flask import session as cookie
from flask_login import LoginManager, current_user

from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound, SignInAgain, SignInNeeded

_SECRET = "secret"
FRESH = timedelta(minutes=15)


@dataclass(frozen=True)
class CurrentPerson:
    """The signed-in person as their own pages call them; `signed_in_at` is protocol time."""

    id: int
    name: str
    email: str | None
    signed_in_at: datetime
    is_operator: bool = False

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login asks for; never written to a cookie."""
        return str(self.id)


@dataclass(frozen=True)
class Sessions:
    """How sessions are opened, looked up and closed: wired by `create_app`."""

    open: Callable[[int], str]
    find: Callable[[str], CurrentPerson | None]
    close: Callable[[str], None]


_sessions: list[Sessions] = []


def init_app(app: Flask, sessions: Sessions) -> None:
    """Teach the application to recognise its people."""
    _sessions[:] = [sessions]
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load)


def _load(request: Request) -> CurrentPerson | None:
    secret = cookie.get(_SECRET)
    return _sessions[0].find(secret) if secret else None


def has_session() -> bool:
    """Whether this browser carries a session at all; asks nobody, so it can't fail."""
    return _SECRET in cookie


def current_person() -> CurrentPerson | None:
    """Who is signed in, None for a stranger."""
    person: Any = current_user
    return person._get_current_object() if person.is_authenticated else None


def require_person() -> CurrentPerson:
    """Who is signed in; raises SignInNeeded (pages lead to the sign-in page and back)."""
    person = current_person()
    if person is None:
        raise SignInNeeded("Please sign in first.")
    return person


def require_operator() -> CurrentPerson:
    """The operator who is signed in; raises NotFound for everybody else: they need not know that there is a desk."""
    person = current_person()
    if person is None or not person.is_operator:
        raise NotFound("There is no such page.")
    return person


def require_fresh_person() -> CurrentPerson:
    """Who signed in a few minutes ago; raises SignInAgain for an older session: it may be somebody else's by now."""
    person = require_person()
    if clock.real_now() - person.signed_in_at > FRESH:
        raise SignInAgain("Please sign in again first: this changes where your money or your mail goes.")
    return person


def sign_in(person_id: int) -> None:
    """Open a session for this browser; whatever it held before is revoked and forgotten (no fixation)."""
    sign_out()
    cookie[_SECRET] = _sessions[0].open(person_id)
    cookie.permanent = True


def sign_out() -> None:
    """Revoke this browser's session."""
    secret = cookie.pop(_SECRET, None)
    if secret:
        _sessions[0].close(secret)
    cookie.clear()
    g.pop("_login_user", None)  # Flask-Login's memory of who it was in this request


def safe_next(value: str | None) -> str:
    """A path of this site to go on to, `/me` for anything else."""
    if not value or not value.startswith("/") or value.startswith(("//", "/\\")):
        return "/me"
    parts = urlsplit(value)
    printable = value.isprintable() and "\\" not in value
    return value if printable and not parts.scheme and not parts.netloc else "/me"
