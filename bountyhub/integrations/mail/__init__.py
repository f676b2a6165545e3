"""Mail by SMTP, or into the sandbox's mailbox; which one, the address in SMTP_URL says.

`create_app` and the worker call `make_mailer` once.
"""

from __future__ import annotations

from bountyhub.integrations.mail.mailbox import MailboxMailer
from bountyhub.integrations.mail.smtp import SmtpMailer
from bountyhub.integrations.mail.urls import MAILBOX, read_smtp_url
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.mailer import Mailer
from bountyhub.settings import Settings, SettingsError


def make_mailer(url: str, sender: str) -> Mailer:
    """The mailer for an address: `smtp://`, `smtps://` or `mailbox+http://`; raises SettingsError."""
    if url.startswith(MAILBOX):
        return MailboxMailer(url.removeprefix("mailbox+"))
    try:
        return SmtpMailer(read_smtp_url(url), sender)
    except OutsideRefused:
        raise SettingsError("MAIL_FROM: write one address such as bountyhub <no-reply@example.org>") from None


def mailer_of(settings: Settings) -> Mailer:
    """The mailer of these settings."""
    return make_mailer(settings.SMTP_URL.get_secret_value(), settings.MAIL_FROM)
