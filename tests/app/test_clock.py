"""`POST /sandbox/clock`: only this instance's sandbox moves time, only forward, and it stays moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from bountyhub.app import create_app
from bountyhub.events import moved_time
from bountyhub.kit import clock
from bountyhub.settings import Settings

KEY = {"X-Sandbox-Key": "whsec_test"}


def move(client: FlaskClient, days: Any, headers: dict[str, str] | None = None) -> TestResponse:
    return client.post("/sandbox/clock", json={"days": days}, headers=KEY if headers is None else headers)


def test_the_sandbox_moves_business_time(client: FlaskClient) -> None:
    assert move(client, 8).status_code == 200
    assert move(client, 2).get_json().keys() == {"now"}
    assert clock.offset() == timedelta(days=10)


def test_moved_time_survives_a_restart(client: FlaskClient) -> None:
    move(client, 8)
    clock.set_offset(timedelta(0))
    moved_time.load()
    assert clock.offset() == timedelta(days=8)


@pytest.mark.parametrize("headers", [{}, {"X-Sandbox-Key": "wrong"}, {"X-Sandbox-Key": ""}, {"X-Sandbox-Key": "é"}])
def test_nobody_else_may(client: FlaskClient, headers: dict[str, str]) -> None:
    assert move(client, 8, headers).status_code == 403
    assert clock.offset() == timedelta(0)


@pytest.mark.parametrize("days", [0, -1, 401, 10**12, 1.5, "8", None, [8], True])
def test_time_goes_forward_by_whole_days_only(client: FlaskClient, days: Any) -> None:
    assert move(client, days).status_code == 400
    assert clock.offset() == timedelta(0)


def test_a_body_that_is_no_object_is_refused(client: FlaskClient) -> None:
    assert client.post("/sandbox/clock", json=[8], headers=KEY).status_code == 400
    assert client.post("/sandbox/clock", data=b"8", headers=KEY).status_code == 400


def test_beside_one_real_service_time_stands(settings: Settings) -> None:
    real = settings.model_copy(update={"SMTP_URL": SecretStr("smtps://mail.example.org"), "SANDBOX_URL": ""})
    assert move(create_app(real).test_client(), 8).status_code == 403
    assert clock.offset() == timedelta(0)


def test_where_several_processes_serve_each_request_looks_again(settings: Settings, redis_url: str) -> None:
    shared = create_app(settings.model_copy(update={"REDIS_URL": redis_url})).test_client()
    move(shared, 3)
    clock.set_offset(timedelta(0))
    shared.get("/healthz")
    assert clock.offset() == timedelta(days=3)
