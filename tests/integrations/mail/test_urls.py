"""What SMTP_URL may say, and what it then means."""

from __future__ import annotations

import pytest

from bountyhub.integrations.mail import make_mailer
from bountyhub.integrations.mail.mailbox import MailboxMailer
from bountyhub.integrations.mail.urls import Security, SmtpServer, read_smtp_url
from bountyhub.ports.mailer import Mailer
from bountyhub.settings import SettingsError


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25, Security.NONE)),
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025, Security.NONE)),
        ("smtp://relay.example", SmtpServer("relay.example", 25, Security.IF_OFFERED)),
        ("smtp://relay.example:587", SmtpServer("relay.example", 587, Security.STARTTLS)),
        ("smtp://bo:x@mail.example", SmtpServer("mail.example", 587, Security.STARTTLS, "bo", "x")),
        ("smtps://mail.example", SmtpServer("mail.example", 465, Security.TLS)),
        (
            "smtps://bo%40mail.example:a%3Ab%2Fc@mail.example:4650",
            SmtpServer("mail.example", 4650, Security.TLS, "bo@mail.example", "a:b/c"),
        ),
    ],
)
def test_an_address_says_where_and_how_safely(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize("url", ["", "mail.example:25", "http://mail.example", "smtp://", "smtp://host:notaport"])
def test_a_wrong_address_stops_the_start_with_a_hint(url: str) -> None:
    with pytest.raises(SettingsError, match="SMTP_URL: write smtp://"):
        make_mailer(url, "a@example.org")


def test_a_wrong_address_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as wrong:
        read_smtp_url("smtp://bo:geheim@mail.example:notaport")
    assert "geheim" not in str(wrong.value)
    assert "geheim" not in repr(read_smtp_url("smtp://bo:geheim@mail.example"))


@pytest.mark.parametrize("sender", ["", "bountyhub", "a@example.org, b@example.org", "x <a@example.org\nBcc: b@c>"])
def test_a_wrong_sender_stops_the_start(sender: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_FROM"):
        make_mailer("smtp://localhost", sender)


def test_the_sandbox_has_a_scheme_of_its_own() -> None:
    mailer: Mailer = make_mailer("mailbox+http://127.0.0.1:8001/mailbox/messages", "a@example.org")
    assert isinstance(mailer, MailboxMailer)
