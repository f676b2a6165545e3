"""Log lines: one JSON object each, nothing in them that must stay secret."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from bountyhub.http.logs import JsonLines, known_secrets
from bountyhub.settings import Settings
from tests.builders.settings import real_settings
from tests.http.site import csrf_token

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\n"


@pytest.fixture
def settings() -> Settings:
    return real_settings(
        DATABASE_URL="postgresql://hub:d%40tabase-password@db/hub", REDIS_URL="redis://:redis-password@cache/0",
        SMTP_URL=SecretStr("smtps://hub:mail-password@mail"), GITHUB_APP_PRIVATE_KEY=SecretStr(PEM),
        RATE_LIMITS=False, STRIPE_SECRET_KEY=SecretStr("sk_live_1234"),
    )  # fmt: skip


@pytest.fixture
def lines(settings: Settings, caplog: pytest.LogCaptureFixture) -> JsonLines:
    caplog.set_level(logging.INFO)
    return JsonLines(known_secrets(settings))


def written(lines: JsonLines, text: str, **more: Any) -> dict[str, Any]:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": text, **more})
    line = lines.format(record)
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


@pytest.mark.parametrize(
    "secret",
    ["sk_live_1234", "d%40tabase-password", "d@tabase-password", "redis-password", "mail-password", "k" * 40, PEM],
)
def test_no_known_secret_is_ever_written(lines: JsonLines, secret: str) -> None:
    assert written(lines, f"it is {secret}!")["text"] == "it is [secret]!"


def test_no_mail_address_is_written(lines: JsonLines) -> None:
    assert written(lines, "mail to dara.o+x@mail.example.org failed")["text"] == "mail to [address] failed"


def test_a_trace_is_blotted_too(lines: JsonLines) -> None:
    try:
        raise ValueError(f"cleo@example.org paid with {PEM}")
    except ValueError as error:
        trace = written(lines, "oh", exc_info=(type(error), error, error.__traceback__))["trace"]
    assert "[address] paid with [secret]" in trace
    assert "MIIEow" not in trace


def test_a_request_is_one_line_without_query_cookie_or_form(
    client: FlaskClient, lines: JsonLines, caplog: pytest.LogCaptureFixture
) -> None:
    token = csrf_token(client)
    caplog.clear()
    answer = client.post("/say?email=cleo@example.org&q=hidden", data={"csrf_token": token, "card": "4242"})
    (record,) = caplog.records
    line = lines.format(record)
    facts = json.loads(line)
    assert (facts["method"], facts["route"], facts["status"]) == ("POST", "/say", 200)
    assert facts["ms"] >= 0
    assert answer.headers["X-Request-Id"]
    assert not any(word in line for word in ("hidden", "cleo", "4242", token))


def test_lines_of_one_request_share_its_id(client: FlaskClient, settings: Settings) -> None:
    caught: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            caught.append(self.format(record))

    handler = Catch()
    handler.setFormatter(JsonLines(known_secrets(settings)))
    logging.getLogger("bountyhub").addHandler(handler)
    logging.getLogger("bountyhub").setLevel(logging.INFO)
    try:
        answer = client.get("/broken")
    finally:
        logging.getLogger("bountyhub").removeHandler(handler)
        logging.getLogger("bountyhub").setLevel(logging.NOTSET)
    assert [json.loads(line)["request"] for line in caught] == [answer.headers["X-Request-Id"]] * 2


def test_a_page_with_a_secret_in_its_address_is_logged_by_its_pattern(
    client: FlaskClient, lines: JsonLines, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    client.get("/become/4")
    assert json.loads(lines.format(caplog.records[0]))["route"] == "/become/<int:person>"


def test_health_looks_are_not_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    client.get("/healthz")
    assert caplog.records == []
