"""One browser at the small application of `site`, and that application for tests that need more browsers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bountyhub.settings import Settings
from tests.builders.settings import play_settings
from tests.http.site import OpenSessions, make_site


@pytest.fixture
def sessions() -> OpenSessions:
    return OpenSessions()


@pytest.fixture
def settings() -> Settings:
    return play_settings(RATE_LIMITS=False)


@pytest.fixture
def app(settings: Settings, sessions: OpenSessions) -> Flask:
    return make_site(settings, sessions)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
