"""Who is acting: signing in and out, revoked sessions, where to go on to."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bountyhub.http.session import safe_next
from tests.http.site import OpenSessions, csrf_token, error, sign_in


def test_a_stranger_is_nobody(client: FlaskClient) -> None:
    assert client.get("/who").text == "nobody"


def test_who_signed_in_is_known_at_once_and_afterwards(client: FlaskClient) -> None:
    assert client.get("/become/1").text == "ana"
    assert client.get("/who").text == "ana"


def test_two_browsers_are_two_people(app: Flask) -> None:
    ana, dara = app.test_client(), app.test_client()
    sign_in(ana, 1)
    sign_in(dara, 4)
    assert (ana.get("/who").text, dara.get("/who").text) == ("ana", "dara")


def test_signing_out_revokes_the_session(client: FlaskClient, sessions: OpenSessions) -> None:
    sign_in(client, 1)
    assert client.post("/leave", data={"csrf_token": csrf_token(client)}).text == "None"
    assert (dict(sessions), client.get("/who").text) == ({}, "nobody")


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, client: FlaskClient) -> None:
    sign_in(client, 1)
    copied = client.get_cookie("bountyhub_session")
    assert copied is not None
    client.post("/leave", data={"csrf_token": csrf_token(client)})
    thief = app.test_client()
    thief.set_cookie("bountyhub_session", copied.value)
    assert thief.get("/who").text == "nobody"


def test_signing_in_again_forgets_what_the_cookie_held(client: FlaskClient, sessions: OpenSessions) -> None:
    sign_in(client, 4)
    with client.session_transaction() as cookie:
        cookie["planted"] = "x"
    sign_in(client, 1)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
    assert list(sessions.values()) == [1]


def test_the_cookie_has_a_name_of_its_own_and_tells_no_id(client: FlaskClient) -> None:
    sign_in(client, 1)
    with client.session_transaction() as cookie:
        assert dict(cookie) == {"secret": "secret-1", "_permanent": True}


def test_a_page_for_signed_in_people_leads_to_the_sign_in_page_and_back(client: FlaskClient) -> None:
    answer = client.get("/mine?tab=2")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/mine%3Ftab%3D2")


def test_a_program_is_told_that_signing_in_is_needed(client: FlaskClient) -> None:
    answer = client.get("/mine", headers={"Accept": "application/json"})
    assert (answer.status_code, error(answer)["code"]) == (401, "sign_in_needed")


@pytest.mark.parametrize("path", ["/tasks/7", "/tasks?q=a%20b&state=open", "/me", "/"])
def test_paths_of_this_site_are_gone_on_to(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [None, "", "me", "https://evil.example", "//evil.example", "/\\evil.example", "/a\\b", "javascript:alert(1)",
     "/\tevil", "/a\nb", "\x00/", "http:/me"],
)  # fmt: skip
def test_anything_else_leads_to_my_page(elsewhere: str | None) -> None:
    assert safe_next(elsewhere) == "/me"
