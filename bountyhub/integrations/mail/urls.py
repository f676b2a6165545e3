"""Reads the address of a mail server; used by `make_mailer`. Errors never repeat it: it holds the password."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import SplitResult, unquote, urlsplit

from bountyhub.settings import SettingsError
from bountyhub.settings.addresses import LOOPBACK

MAILBOX = ("mailbox+http://", "mailbox+https://")
HINT = "SMTP_URL: write smtp://user:password@host:587, smtps://user:password@host or smtp://localhost:25"


class Security(Enum):
    """How a connection is protected."""

    #: TLS from the first byte.
    TLS = "tls"
    #: Plain first, then encrypted; refused where the server can't.
    STARTTLS = "starttls"
    #: Encrypted where the server can: what mail servers do among themselves.
    IF_OFFERED = "if offered"
    #: This machine itself: nobody in between, and such servers seldom have a certificate for `localhost`.
    NONE = "none"


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to hand mails over."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


def read_smtp_url(url: str) -> SmtpServer:
    """The server a URL names; raises SettingsError that says what to write."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsError(HINT) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingsError(HINT)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    default = {"smtps": 465, "smtp": 587 if user else 25}[parts.scheme]
    return SmtpServer(parts.hostname, port or default, _security(parts), user, password)


def _security(parts: SplitResult) -> Security:
    if parts.scheme == "smtps":
        return Security.TLS
    if parts.hostname in LOOPBACK:
        return Security.NONE
    return Security.STARTTLS if parts.username or parts.port == 587 else Security.IF_OFFERED
