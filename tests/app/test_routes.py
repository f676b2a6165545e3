"""What holds for every route of the application."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from bountyhub.app import create_app
from bountyhub.kit.paths import asset
from bountyhub.settings import Settings
from tests.app.conftest import SignIn

#: They prove themselves by a signature or a shared secret instead of a form's token.
MACHINES = {"/webhooks/stripe", "/webhooks/github", "/sandbox/clock"}


def address(rule: Rule) -> str:
    filled = {name: 1 if "int" in type(kind).__name__.lower() else "x" for name, kind in rule._converters.items()}
    built = rule.build(filled)
    assert built is not None
    return built[1]


def rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]


def test_no_form_is_taken_without_its_token(app: Flask, client: FlaskClient, as_ana: SignIn) -> None:
    as_ana(client)
    refused = {rule.rule: client.post(address(rule)) for rule in rules(app, "POST") if rule.rule not in MACHINES}
    assert len(refused) >= 15
    assert {path: answer.status_code for path, answer in refused.items() if answer.status_code != 400} == {}
    assert all("didn’t come from this site" in answer.text for answer in refused.values())


def test_machines_need_no_token_but_their_proof(settings: Settings) -> None:
    client = create_app(settings).test_client()
    assert client.post("/webhooks/stripe", data=b"{}").status_code == 401
    assert client.post("/webhooks/github", data=b"{}").status_code == 401
    assert client.post("/sandbox/clock", json={"days": 1}).status_code == 403


def test_nothing_is_changed_by_other_methods(app: Flask) -> None:
    assert {rule.rule for method in ("PUT", "PATCH", "DELETE") for rule in rules(app, method)} == set()


def test_every_page_is_strict_and_no_page_breaks(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app, "GET"):
        answer = client.get(address(rule))
        assert answer.status_code < 500 or rule.rule == "/readyz", (rule.rule, answer.text)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], rule.rule


def test_no_template_has_inline_code() -> None:
    for path in asset("templates").rglob("*.html"):
        text = path.read_text()
        assert " style=" not in text and "onclick=" not in text and "<script>" not in text, path


def test_machines_are_never_limited(settings: Settings) -> None:
    limited = create_app(settings.model_copy(update={"RATE_LIMITS": True})).test_client()
    limited.environ_base["REMOTE_ADDR"] = "192.0.2.20"
    assert {limited.post("/webhooks/github", data=b"{}").status_code for _ in range(650)} == {401}


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7")])
def test_forwarding_headers_count_only_behind_a_trusted_proxy(settings: Settings, proxies: int, seen: str) -> None:
    app = create_app(settings.model_copy(update={"TRUSTED_PROXIES": proxies}))
    addresses: list[str | None] = []
    app.before_request(lambda: addresses.append(_address()))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert addresses == [seen]


def _address() -> str | None:
    from flask import request

    return request.remote_addr
