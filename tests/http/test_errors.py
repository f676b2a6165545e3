"""Every refusal and accident looks the same: a page for people, JSON for programs, nothing secret in either."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.site import OpenSessions, csrf_token, error, sign_in

JSON = {"Accept": "application/json"}


def test_a_refusal_is_a_page_that_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/busy")
    assert answer.status_code == 409
    assert "The task is over." in answer.text
    assert "Look at another one." in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_program_gets_the_same_refusal_as_json(client: FlaskClient) -> None:
    answer = client.get("/busy", headers=JSON)
    assert error(answer) == {
        "code": "conflict", "message": "The task is over.", "advice": "Look at another one.", "facts": {"task": 7},
        "reference": answer.headers["X-Request-Id"],
    }  # fmt: skip


def test_an_address_without_page_is_404_for_people_and_programs(client: FlaskClient) -> None:
    assert client.get("/nothing").status_code == 404
    assert "There is nothing here" in client.get("/nothing").text
    assert error(client.get("/api/v1/nothing"))["code"] == "http_404"


def test_a_browser_that_takes_anything_gets_a_page(client: FlaskClient) -> None:
    assert client.get("/nothing", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/say")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_a_form_without_token_is_refused_with_a_page(client: FlaskClient) -> None:
    answer = client.post("/say")
    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text


def test_a_form_with_somebody_elses_token_is_refused(app: Flask, client: FlaskClient) -> None:
    foreign = csrf_token(app.test_client())
    csrf_token(client)
    assert client.post("/say", data={"csrf_token": foreign}).status_code == 400


def test_a_form_with_its_token_is_taken(client: FlaskClient) -> None:
    assert client.post("/say", data={"csrf_token": csrf_token(client)}).json == {"said": True}


def test_an_accident_tells_nothing_of_its_cause(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "dara" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert [record.message for record in caplog.records] == ["unexpected RuntimeError"]
    assert caplog.records[0].exc_info is not None


def test_an_accident_is_told_even_when_no_page_can_be_shown(
    client: FlaskClient, sessions: OpenSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, 1)

    def away(secret: str) -> None:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(sessions, "find", away)
    monkeypatch.setattr("bountyhub.http.session._sessions", [sessions])
    answer = client.get("/who")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.headers["X-Request-Id"] in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
