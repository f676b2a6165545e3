"""`/readyz` of the whole application, the wiring of its parts, and how gunicorn starts it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from bountyhub import ports, wiring
from bountyhub.app import create_app, from_environment
from bountyhub.events import outbox
from bountyhub.events.registry import JOBS
from bountyhub.events.runner import ThreadRunner
from bountyhub.kit import clock, migrate
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.settings import Settings, SettingsError
from tests.builders.outside import Outside


def told(client: FlaskClient) -> dict[str, str]:
    answer = client.get("/readyz")
    checks: dict[str, str] = answer.get_json()["checks"]
    assert answer.status_code == (200 if set(checks.values()) == {"ok"} else 503)
    return checks


@pytest.fixture
def ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The application beside services that answer."""
    outside = Outside()
    app.extensions["checks"]["mail"] = outside.mailer.check
    outside.use()
    return app.test_client()


def test_ready_when_everything_answers(ready: FlaskClient) -> None:
    assert told(ready) == dict.fromkeys(("database", "outbox", "payments", "forge", "mail"), "ok")


def test_not_ready_while_a_service_is_away(ready: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise OutsideUnavailable("timed out")

    monkeypatch.setattr(ports.forge(), "check", away)
    assert told(ready)["forge"] == "not ok: OutsideUnavailable"


def test_not_ready_on_an_older_schema(ready: FlaskClient, sqlite: str) -> None:
    migrate.downgrade(sqlite, "-1")
    assert told(ready)["database"] == "not ok: NotReady"


def test_not_ready_while_nobody_takes_jobs(ready: FlaskClient) -> None:
    with transaction() as session:
        outbox.add(session, "forge.sync_comment", run_at=clock.real_now() - timedelta(minutes=1), task=1)
    wiring.check_outbox()
    with transaction() as session:
        outbox.add(session, "forge.sync_comment", run_at=clock.real_now() - timedelta(minutes=3), task=1)
    assert told(ready)["outbox"] == "not ok: NotReady"


def test_a_silent_runner_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = ThreadRunner()
    client = create_app(settings, runner=runner).test_client()
    assert told(client)["outbox"] == "ok"
    now = clock.real_now()
    with monkeypatch.context() as moved:
        moved.setattr(clock, "real_now", lambda: now + timedelta(seconds=6))
        with pytest.raises(wiring.NotReady):
            wiring.check_runner(runner)


def test_every_job_that_operations_ask_for_is_known(app: Flask) -> None:
    wanted = {"inbox.stripe", "inbox.github", "forge.sync_comment", "forge.sync_check", "funding.send_refund",
              "payouts.send_transfer", "stripe.sync_top_ups", "forge.reconcile", "notify.sign_in_link"}  # fmt: skip
    assert wanted <= JOBS.keys()


def test_a_program_beside_the_instance_needs_the_newest_schema(settings: Settings, sqlite: str) -> None:
    migrate.downgrade(sqlite, "-1")
    with pytest.raises(SettingsError, match="bountyhub migrate"):
        wiring.wire_existing(settings)


def test_a_database_that_is_away_is_named_without_its_password(settings: Settings) -> None:
    away = settings.model_copy(update={"DATABASE_URL": "postgresql://hub:very-secret@127.0.0.1:1/hub"})
    with pytest.raises(SettingsError, match="DATABASE_URL: can't be used") as refused:
        wiring.wire_existing(away)
    assert "very-secret" not in str(refused.value)


def test_gunicorn_gets_its_application_from_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.model_dump(include=set(REQUIRED)).items():
        monkeypatch.setenv(name, value.get_secret_value() if isinstance(value, SecretStr) else value)
    logged: list[Settings] = []
    monkeypatch.setattr("bountyhub.app.logs.configure", logged.append)
    assert from_environment().test_client().get("/healthz").status_code == 200
    assert len(logged) == 1


def test_what_is_missing_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in REQUIRED:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError) as refused:
        from_environment()
    assert all(f"{name}: not set" in str(refused.value) for name in REQUIRED[:9])


REQUIRED = (
    "DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "GITHUB_APP_ID",
    "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "SMTP_URL",
    "STRIPE_API_BASE", "GITHUB_API_URL", "GITHUB_WEB_URL",
)  # fmt: skip
