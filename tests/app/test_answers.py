"""Refusals and failures of the whole application, as a page for people and as JSON for programs; its cookies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bountyhub.app import create_app
from bountyhub.http.errors import TITLES
from bountyhub.kit.errors import Conflict
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.settings import Settings
from tests.app.conftest import SignIn

SECRET = "sk_sandbox_test of dara@example.org"
JSON = {"Accept": "application/json"}
Ask = Callable[[FlaskClient, dict[str, str]], TestResponse]


def fail(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """At the application, with pages that fail in each way."""
    app.add_url_rule("/fail/broken", "broken", fail(RuntimeError(SECRET)))
    app.add_url_rule("/fail/away", "away", fail(OutsideUnavailable(SECRET)))
    app.add_url_rule("/fail/over", "over", fail(Conflict("The task is over.", task=7)))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


def get(path: str) -> Ask:
    return lambda client, headers: client.get(path, headers=headers)


def post(path: str, **sent: Any) -> Ask:
    return lambda client, headers: client.post(path, headers=headers, **sent)


ANSWERS: list[tuple[Ask, int, str]] = [
    (post("/theme", data={"theme": "dark"}), 400, "csrf"),
    (post("/sandbox/clock", json={"days": 1}), 403, "forbidden"),
    (get("/no/such/page"), 404, "http_404"),
    (get("/tasks/999999"), 404, "not_found"),
    (get("/theme"), 405, "http_405"),
    (get("/fail/over"), 409, "conflict"),
    (post("/theme", data={"theme": "x" * 2_000_000}), 413, "http_413"),
    (get("/fail/broken"), 500, "accident"),
    (get("/fail/away"), 503, "outside_unavailable"),
]
NAMES = [f"{status}-{code}" for _, status, code in ANSWERS]


@pytest.mark.parametrize(("ask", "status", "code"), ANSWERS, ids=NAMES)
def test_a_person_gets_a_page(client: FlaskClient, ask: Ask, status: int, code: str) -> None:
    answer = ask(client, {"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert TITLES[status] in answer.text and answer.headers["X-Request-Id"] in answer.text
    assert "Traceback" not in answer.text and SECRET not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("ask", "status", "code"), ANSWERS, ids=NAMES)
def test_a_program_gets_json(client: FlaskClient, ask: Ask, status: int, code: str) -> None:
    answer = ask(client, JSON)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    error = answer.get_json()["error"]
    assert error.keys() == {"code", "message", "advice", "facts", "reference"}
    assert (error["code"], error["reference"]) == (code, answer.headers["X-Request-Id"])
    assert error["message"] and SECRET not in answer.text


def test_too_many_requests_are_told_both_ways(settings: Settings) -> None:
    limited = create_app(settings.model_copy(update={"RATE_LIMITS": True})).test_client()
    limited.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    assert {limited.get("/tasks/999999", headers=JSON).status_code for _ in range(600)} == {404}
    page = limited.get("/tasks/999999")
    assert (page.status_code, "Slowly, please" in page.text) == (429, True)
    refused = limited.get("/tasks/999999", headers=JSON)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (429, "http_429")
    assert limited.get("/healthz").status_code == 200


def test_a_refused_form_changed_nothing_and_can_be_sent_again(client: FlaskClient) -> None:
    assert client.post("/theme", data={"theme": "dark"}).status_code == 400
    assert client.get_cookie("theme") is None


@pytest.mark.parametrize(("address", "secure"), [("http://127.0.0.1:8000", False), ("https://hub.example.org", True)])
def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    settings: Settings, as_ana: SignIn, address: str, secure: bool
) -> None:
    client = create_app(settings.model_copy(update={"PUBLIC_URL": address})).test_client()
    as_ana(client)
    (cookie,) = client.get("/tasks/new", base_url=address).headers.getlist("Set-Cookie") or [""]
    parts = {part.strip() for part in cookie.split(";")}
    assert cookie.startswith("bountyhub_session=") and {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert ("Secure" in parts) is secure
