"""The whole application on a fresh database, with outside services that answer in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bountyhub.app import create_app
from bountyhub.events import outbox
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.operations import open_session, sign_in_with_forge
from bountyhub.settings import Settings
from tests.builders.outside import Outside
from tests.builders.settings import play_settings
from tests.builders.world import ANA

SignIn = Callable[[FlaskClient], str]


@pytest.fixture
def settings(sqlite: str) -> Settings:
    return play_settings(DATABASE_URL=sqlite, RATE_LIMITS=False)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    Outside().use()
    yield made
    outbox.forget_listeners()
    clock.set_offset(timedelta(0))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_ana() -> SignIn:
    """Make a browser Ana's; gives her session's secret."""

    def sign_in(client: FlaskClient) -> str:
        with transaction() as session:
            person = sign_in_with_forge(session, ANA, "ana@example.org")
            secret = open_session(session, person)
        with client.session_transaction() as cookie:
            cookie["secret"] = secret
        return secret

    return sign_in
