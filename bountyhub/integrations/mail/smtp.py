"""Mail by SMTP: one connection a mail, so that nothing is shared between the threads that send."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bountyhub.integrations.mail.message import build, domain_of
from bountyhub.integrations.mail.urls import Security, SmtpServer
from bountyhub.kit import faults
from bountyhub.ports.errors import OutsideError, OutsideRefused, OutsideUnavailable
from bountyhub.ports.mailer import Mail

TIMEOUT = 15.0


class SmtpMailer:
    """Hands mails to one server. `sender` is what they are from, e.g. `bountyhub <no-reply@example.org>`."""

    def __init__(self, server: SmtpServer, sender: str, tls: ssl.SSLContext | None = None) -> None:
        """`tls` replaces the system's certificates (a company's own authority)."""
        self._server, self._sender = server, sender
        self._tls = tls or ssl.create_default_context()
        # A wrong MAIL_FROM stops the start, not the first mail. Our name in the greeting is the sender's domain:
        # left alone, the library asks the name service for this machine's, which can take seconds.
        self._name = domain_of(sender)

    def send(self, mail: Mail) -> None:
        """Hand one mail over; raises OutsideUnavailable or OutsideRefused."""
        message = build(mail, self._sender)
        with faults.call("mail.send"), self._connection() as server:
            server.send_message(message)

    def check(self) -> None:
        """Connect, encrypt and sign in without sending; raises OutsideError."""
        with self._connection() as server:
            server.noop()

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        server: smtplib.SMTP | None = None
        try:
            server = self._connect()
            yield server
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _outside(error) from None  # the chain would carry addresses into logs
        finally:
            if server is not None:
                _close(server)

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, local_hostname=self._name, timeout=TIMEOUT, context=self._tls
            )
        else:
            server = smtplib.SMTP(host, port, local_hostname=self._name, timeout=TIMEOUT)
        try:
            self._protect(server)
            if self._server.user:
                server.login(self._server.user, self._server.password)
        except BaseException:
            server.close()
            raise
        return server

    def _protect(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._server.security is Security.STARTTLS or (
            self._server.security is Security.IF_OFFERED and server.has_extn("starttls")
        ):
            server.starttls(context=self._tls)  # raises where it isn't offered: never a password in the clear


def _outside(error: Exception) -> OutsideError:
    """Only what the server says of this recipient or this text is final; the rest an operator can mend."""
    code = _code(error)
    text = f"mail: {type(error).__name__}" + (f" {code}" if code else "")
    final = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and code >= 500
    needs_utf8 = isinstance(error, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in str(error)
    return OutsideRefused(text, str(code)) if final or needs_utf8 else OutsideUnavailable(text)


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((answer[0] for answer in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _close(server: smtplib.SMTP) -> None:
    """Say goodbye; the mail is accepted (or refused) already, so a failure here changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()
