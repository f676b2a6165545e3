"""Mails into a mailbox over HTTP: what is posted, and what each answer means."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from bountyhub.integrations.mail import make_mailer
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.mailer import Mail, Mailer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAIL = Mail("m-k3wq7", "cleo@example.org", "Danke\r\nBcc: dara@example.org", "Grüße")


class Box:
    """Keeps what is posted and answers with `status`."""

    def __init__(self) -> None:
        self.status = 201
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        body = json.loads(request.get_data()) if request.method == "POST" else None
        self.asked.append((request.method, request.path, body))
        return Response(status=self.status)(environ, start_response)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mailer(box: Box) -> Iterator[Mailer]:
    server = make_server("127.0.0.1", 0, box)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield make_mailer(f"mailbox+http://127.0.0.1:{server.port}/mailbox/messages", "a@example.org")
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mail_is_posted_as_it_is(box: Box, mailer: Mailer) -> None:
    mailer.send(MAIL)
    said = {"message_id": "m-k3wq7", "to": MAIL.to, "subject": MAIL.subject, "text": "Grüße"}
    assert box.asked == [("POST", "/mailbox/messages", said)]


def test_a_known_mail_is_no_failure(box: Box, mailer: Mailer) -> None:
    box.status = 200
    mailer.send(MAIL)
    assert len(box.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, OutsideRefused), (413, OutsideRefused), (429, OutsideUnavailable), (503, OutsideUnavailable)],
)
def test_a_status_says_whether_to_try_again(box: Box, mailer: Mailer, status: int, error: type[Exception]) -> None:
    box.status = status
    with pytest.raises(error, match=str(status)) as raised:
        mailer.send(MAIL)
    assert type(raised.value) is error


def test_a_mailbox_that_is_away_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OutsideUnavailable):
        make_mailer(f"mailbox+http://127.0.0.1:{port}/mailbox/messages", "a@example.org").send(MAIL)


def test_check_reaches_the_server_and_posts_nothing(box: Box, mailer: Mailer) -> None:
    box.status = 200
    mailer.check()
    assert box.asked == [("GET", "/healthz", None)]


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    box: Box, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    mailer.send(MAIL)
    assert len(box.asked) == 1
