"""Sessions as the application wires them: kept in the database, revocable, ended by time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people.models import LoginSession, Person
from bountyhub.people.operations import SESSION_LIFE, close_all_sessions, close_session
from tests.app.conftest import SignIn


def test_a_stranger_is_led_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/me")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/me")


def test_the_owner_of_a_session_sees_their_page(client: FlaskClient, as_ana: SignIn) -> None:
    as_ana(client)
    answer = client.get("/me")
    assert answer.status_code == 200
    assert "ana" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_a_digest_of_the_secret_is_kept(client: FlaskClient, as_ana: SignIn) -> None:
    secret = as_ana(client)
    with reading() as session:
        row = session.scalars(select(LoginSession)).one()
    assert secret not in str(vars(row))


def test_a_revoked_session_is_nobodys(client: FlaskClient, as_ana: SignIn) -> None:
    secret = as_ana(client)
    with transaction() as session:
        close_session(session, secret)
    assert client.get("/me").status_code == 303


def test_signing_out_everywhere_ends_every_browser(app: Flask, as_ana: SignIn) -> None:
    browsers = [app.test_client(), app.test_client()]
    for browser in browsers:
        as_ana(browser)
    with transaction() as session:
        close_all_sessions(session, session.scalars(select(Person)).one())
    assert [browser.get("/me").status_code for browser in browsers] == [303, 303]


def test_a_session_ends_by_real_time(client: FlaskClient, as_ana: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    as_ana(client)
    clock.set_offset(timedelta(days=300))
    assert client.get("/me").status_code == 200
    later = clock.real_now() + SESSION_LIFE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert client.get("/me").status_code == 303
