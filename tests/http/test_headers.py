"""Headers of every answer."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bountyhub.http.headers import content_policy
from tests.builders.settings import play_settings, real_settings
from tests.http.site import OpenSessions, make_site, sign_in


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", ["/who", "/nothing", "/busy", "/broken", "/static/base.css", "/healthz"])
def test_every_answer_carries_the_strict_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    found = directives(headers["Content-Security-Policy"])
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == found["img-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_forms_may_lead_on_to_the_sandboxes() -> None:
    assert directives(content_policy(play_settings()))["form-action"] == ["'self'", "http://127.0.0.1:8001"]


def test_forms_may_lead_on_to_the_real_checkout_and_sign_in() -> None:
    assert directives(content_policy(real_settings()))["form-action"] == [
        "'self'", "https://checkout.stripe.com", "https://connect.stripe.com", "https://github.com",
    ]  # fmt: skip


def test_no_policy_allows_inline_code() -> None:
    assert "unsafe" not in content_policy(play_settings())


def test_pages_of_signed_in_people_are_not_kept(client: FlaskClient) -> None:
    assert client.get("/who").headers["Cache-Control"] == "no-cache"
    sign_in(client, 1)
    assert client.get("/who").headers["Cache-Control"] == "no-store"


def test_only_an_https_address_asks_browsers_to_stay_on_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/who").headers
    secure = make_site(play_settings(PUBLIC_URL="https://bounties.example.org"), OpenSessions())
    assert "max-age=31536000" in secure.test_client().get("/who").headers["Strict-Transport-Security"]
