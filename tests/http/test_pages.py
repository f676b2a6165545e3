"""Theme, static files, how money and moments are written, limits, health."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from bountyhub.http import filters, health
from bountyhub.kit import clock
from bountyhub.kit.money import Money
from tests.builders.settings import play_settings
from tests.http.site import OpenSessions, csrf_token, make_site

MOMENT = datetime(2026, 12, 3, 14, 5, tzinfo=UTC)


def choose(client: FlaskClient, theme: str, next: str = "/who") -> str:
    answer = client.post("/theme", data={"theme": theme, "next": next, "csrf_token": csrf_token(client)})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_chosen_theme_is_remembered(client: FlaskClient) -> None:
    assert choose(client, "dark") == "/who"
    assert 'data-theme="dark"' in client.get("/nothing").text
    choose(client, "auto")
    assert "data-theme" not in client.get("/nothing").text


def test_an_unknown_theme_changes_nothing(client: FlaskClient) -> None:
    choose(client, '"><script>')
    assert client.get_cookie("theme") is None


def test_choosing_a_theme_leads_nowhere_else(client: FlaskClient) -> None:
    assert choose(client, "dark", next="//evil.example") == "/me"


def test_a_page_that_only_takes_forms_is_not_gone_back_to(client: FlaskClient) -> None:
    assert 'name="next" value="/"' in client.post("/say").text


def test_static_addresses_change_with_their_content(app: Flask) -> None:
    with app.test_request_context():
        address = render_template_string("{{ static('base.css') }}")
    name, version = address.split("?v=")
    assert (name, len(version)) == ("/static/base.css", 12)
    kept = app.test_client().get(address).headers["Cache-Control"]
    assert kept == "public, max-age=31536000, immutable"
    assert app.test_client().get(name).headers["Cache-Control"] == "no-cache"


def test_browsers_find_the_icon_where_no_page_names_it(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_money_is_written_short_and_exact() -> None:
    assert filters.money_exact(Money(2500, "EUR")) == "25.00 €"
    assert filters.money_exact(Money(-50, "USD")) == "-0.50 $"
    assert filters.money_exact(Money(1200, "JPY")) == "1200 ¥"
    assert filters.exponent("JPY") == 0


def test_moments_are_written_in_utc() -> None:
    assert filters.date(MOMENT) == "3 December 2026"
    assert filters.date_time(MOMENT) == "3 December 2026, 14:05 UTC"


def test_ago_follows_business_time() -> None:
    moment = clock.now() - timedelta(days=3)
    assert filters.ago(moment) == "3 days ago"
    clock.set_offset(timedelta(days=2))
    try:
        assert filters.ago(moment) == "5 days ago"
        assert filters.ago(clock.now() + timedelta(days=2, hours=1)) == "in 2 days"
    finally:
        clock.set_offset(timedelta(0))


def test_costly_clicks_are_limited_and_health_is_not() -> None:
    limited = make_site(play_settings(RATE_LIMITS=True), OpenSessions())
    client = limited.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert [client.get("/costly").status_code for _ in range(21)] == [200] * 20 + [429]
    assert "Slowly, please" in client.get("/costly").text
    assert {client.get("/healthz").status_code for _ in range(30)} == {200}
    client.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    assert client.get("/costly").status_code == 200


def test_a_redis_that_is_away_stops_no_page() -> None:
    limited = make_site(play_settings(RATE_LIMITS=True, REDIS_URL="redis://127.0.0.1:1/0"), OpenSessions())
    client = limited.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert [client.get("/costly").status_code for _ in range(22)].count(200) in (20, 21)


@pytest.fixture
def checks(app: Flask) -> dict[str, health.Check]:
    with app.app_context():
        return health.checks()


def test_ready_when_every_check_is_well(client: FlaskClient, checks: dict[str, health.Check]) -> None:
    checks.update(database=lambda: None, mail=lambda: None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "checks": {"database": "ok", "mail": "ok"}})


def test_not_ready_says_which_check_failed_and_no_more(client: FlaskClient, checks: dict[str, health.Check]) -> None:
    def away() -> None:
        raise ConnectionError("postgresql://user:password@host")

    checks.update(database=away, mail=lambda: None)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"ready": False, "checks": {"database": "not ok: ConnectionError", "mail": "ok"}}


def test_checks_are_not_repeated_at_every_look(client: FlaskClient, checks: dict[str, health.Check]) -> None:
    looks: list[int] = []
    checks["forge"] = lambda: looks.append(1)
    assert [client.get("/readyz").status_code for _ in range(5)] == [200] * 5
    assert len(looks) == 1


def test_alive_asks_nobody(client: FlaskClient, checks: dict[str, health.Check]) -> None:
    checks["forge"] = lambda: pytest.fail("asked")
    assert client.get("/healthz").json == {"ok": True}
