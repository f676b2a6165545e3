"""Mails over real SMTP connections: what arrives, how it is protected, and what a refusal means."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace

import pytest

from bountyhub.integrations.mail import make_mailer
from bountyhub.integrations.mail.smtp import SmtpMailer
from bountyhub.integrations.mail.urls import Security, SmtpServer
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.mailer import Mail, Mailer
from tests.integrations.mail.conftest import PASSWORD, Serve, check_password

SENDER = "bountyhub <no-reply@bounties.example.org>"
MAIL = Mail("m-k3wq7", "cleo@example.org", "Your receipt", "Thank you, Cleo.\nhttp://localhost/r/1?a=b\n")


def _mailer(port: int) -> Mailer:
    return make_mailer(f"smtp://127.0.0.1:{port}", SENDER)


def test_a_mail_arrives_as_it_was_written(serve: Serve) -> None:
    inbox, port = serve()
    _mailer(port).send(MAIL)
    (message,) = inbox.messages
    assert inbox.recipients == ["cleo@example.org"]
    assert inbox.senders == ["no-reply@bounties.example.org"]
    assert message["From"] == SENDER
    assert message["To"] == "cleo@example.org"
    assert message["Subject"] == "Your receipt"
    assert message["Message-ID"] == "<m-k3wq7@bounties.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content().replace("\r\n", "\n") == MAIL.text


def test_the_message_id_is_the_same_on_a_second_try(serve: Serve) -> None:
    inbox, port = serve()
    mailer = _mailer(port)
    mailer.send(MAIL)
    mailer.send(MAIL)
    assert len({message["Message-ID"] for message in inbox.messages}) == 1


@pytest.mark.parametrize("given", ["<full@elsewhere.example>", "full@elsewhere.example"])
def test_a_whole_message_id_is_kept(serve: Serve, given: str) -> None:
    inbox, port = serve()
    _mailer(port).send(replace(MAIL, message_id=given))
    assert inbox.messages[0]["Message-ID"] == "<full@elsewhere.example>"


def test_any_language_arrives_whole_over_plain_ascii(serve: Serve) -> None:
    inbox, port = serve()
    _mailer(port).send(replace(MAIL, subject="Beleg über 25,00 € – 受領", text="Größe 💶\n" + "ä" * 3000 + "\n"))
    (message,) = inbox.messages
    assert message["Subject"] == "Beleg über 25,00 € – 受領"
    assert message.get_content().replace("\r\n", "\n") == "Größe 💶\n" + "ä" * 3000 + "\n"
    assert inbox.raw[0].isascii()
    assert max(map(len, inbox.raw[0].split(b"\r\n"))) <= 998


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x00", "\x85"])
def test_a_subject_can_not_add_a_header(serve: Serve, end: str) -> None:
    inbox, port = serve()
    _mailer(port).send(replace(MAIL, subject=f"Hello{end}Bcc: dara@example.org"))
    (message,) = inbox.messages
    assert message["Subject"] == "Hello Bcc: dara@example.org"
    assert message["Bcc"] is None
    assert inbox.recipients == ["cleo@example.org"]


@pytest.mark.parametrize(
    "to",
    [
        "cleo@example.org\r\nBcc: dara@example.org",
        "cleo@example.org, dara@example.org",
        "Cleo <cleo@example.org>",
        "cleo@example.org>\r\nRCPT TO:<dara@example.org",
        "cleo",
        "@example.org",
        "",
        "cleo@exa mple.org",
        "a" * 65 + "@example.org",
    ],
)
def test_what_is_not_one_address_is_refused_unsent(serve: Serve, to: str) -> None:
    inbox, port = serve()
    with pytest.raises(OutsideRefused) as refused:
        _mailer(port).send(replace(MAIL, to=to))
    assert inbox.raw == []
    assert not to or to not in str(refused.value)


@pytest.mark.parametrize("id", ["a\r\nBcc: dara@example.org", "a b", "", "<>", "a@b@c"])
def test_what_is_not_a_message_id_is_refused_unsent(serve: Serve, id: str) -> None:
    inbox, port = serve()
    with pytest.raises(OutsideRefused):
        _mailer(port).send(replace(MAIL, message_id=id))
    assert inbox.raw == []


def test_a_text_with_a_lone_dot_arrives_whole(serve: Serve) -> None:
    inbox, port = serve()
    _mailer(port).send(replace(MAIL, text="one\n.\nQUIT\n..two\n"))
    assert inbox.messages[0].get_content().replace("\r\n", "\n") == "one\n.\nQUIT\n..two\n"


def test_an_international_domain_is_reached_by_its_ascii_name(serve: Serve) -> None:
    inbox, port = serve()
    _mailer(port).send(replace(MAIL, to="cleo@bücher.example"))
    assert inbox.recipients == ["cleo@xn--bcher-kva.example"]


def test_an_international_mailbox_on_an_old_server_is_refused(serve: Serve) -> None:
    _, port = serve(enable_SMTPUTF8=False)
    with pytest.raises(OutsideRefused):
        _mailer(port).send(replace(MAIL, to="bücher@example.org"))


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_lasting_refusal_is_final(serve: Serve, command: str) -> None:
    inbox, port = serve()
    inbox.refuse[command] = "550 No such mailbox cleo@example.org"
    with pytest.raises(OutsideRefused) as refused:
        _mailer(port).send(MAIL)
    assert refused.value.code == "550"
    assert "cleo" not in str(refused.value)


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "450 Come back"), ("DATA", "452 Full"), ("MAIL", "421 Closing"), ("MAIL", "553 Not your sender")],
)
def test_everything_else_is_tried_again(serve: Serve, command: str, answer: str) -> None:
    inbox, port = serve()
    inbox.refuse[command] = answer
    with pytest.raises(OutsideUnavailable):
        _mailer(port).send(MAIL)


def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OutsideUnavailable):
        _mailer(port).send(MAIL)


def test_starttls_and_password(serve: Serve, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    inbox, port = serve(tls_context=server_tls, require_starttls=True, authenticator=check_password, auth_required=True)
    server = SmtpServer("127.0.0.1", port, Security.STARTTLS, "bo", PASSWORD)
    SmtpMailer(server, SENDER, client_tls).send(MAIL)
    assert inbox.encrypted == [True]


def test_encryption_is_used_where_it_is_offered(
    serve: Serve, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    inbox, port = serve(tls_context=server_tls)
    SmtpMailer(SmtpServer("127.0.0.1", port, Security.IF_OFFERED), SENDER, client_tls).send(MAIL)
    assert inbox.encrypted == [True]


def test_no_password_leaves_without_encryption(serve: Serve) -> None:
    inbox, port = serve(authenticator=check_password, auth_require_tls=False)
    with pytest.raises(OutsideUnavailable):
        SmtpMailer(SmtpServer("127.0.0.1", port, Security.STARTTLS, "bo", PASSWORD), SENDER).send(MAIL)
    assert inbox.raw == []


def test_tls_from_the_first_byte(serve: Serve, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    inbox, port = serve(ssl_context=server_tls)
    SmtpMailer(SmtpServer("127.0.0.1", port, Security.TLS), SENDER, client_tls).send(MAIL)
    assert len(inbox.raw) == 1


def test_a_certificate_nobody_vouches_for_is_not_trusted(serve: Serve, server_tls: ssl.SSLContext) -> None:
    inbox, port = serve(tls_context=server_tls)
    with pytest.raises(OutsideUnavailable):
        SmtpMailer(SmtpServer("127.0.0.1", port, Security.STARTTLS), SENDER).send(MAIL)
    assert inbox.raw == []


def test_a_wrong_password_waits_for_the_operator(serve: Serve) -> None:
    _, port = serve(authenticator=check_password, auth_require_tls=False)
    mailer = SmtpMailer(SmtpServer("127.0.0.1", port, Security.NONE, "bo", "wrong"), SENDER)
    with pytest.raises(OutsideUnavailable, match="535"):
        mailer.check()


def test_check_reaches_the_server_and_sends_nothing(serve: Serve) -> None:
    inbox, port = serve()
    _mailer(port).check()
    assert inbox.raw == []
