"""The start page and what every sandbox page has: the banner, the headers, the refusal of foreign buttons."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.sandbox.shell.conftest import Application


def test_the_start_page_says_play_money_and_who_one_can_be(client: FlaskClient) -> None:
    page = client.get("/").text
    people = ("Ana", "Bo", "Cleo", "Dara", "Eve")
    for words in ("PLAY MONEY", *people, "/github/", "/stripe/dashboard", "/mailbox/"):
        assert words in page


def test_the_start_page_links_to_the_application(client: FlaskClient, application: Application) -> None:
    assert f'href="{application.url}/"' in client.get("/").text


def test_the_linked_pages_exist(client: FlaskClient) -> None:
    for path in ("/github/", "/stripe/dashboard", "/mailbox/", "/static/sandbox.css", "/static/coin.svg"):
        assert client.get(path).status_code == 200, path


def test_pages_run_no_inline_code(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe-inline" not in policy


def test_health_is_answered(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_an_unknown_page_is_a_page_too(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and "PLAY MONEY" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
    ],
)
def test_a_button_on_another_site_is_refused(
    client: FlaskClient, application: Application, headers: dict[str, str]
) -> None:
    assert client.post("/clock/advance", data={"days": "1"}, headers=headers).status_code == 403
    assert application.asked == []


def test_our_own_button_is_obeyed(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post("/clock/advance", data={"days": "1"}, headers=headers).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "169.254.1.1:8001"])
@pytest.mark.parametrize("path", ["/", "/mailbox/", "/mailbox/messages.json?to=a", "/github/", "/healthz"])
def test_under_another_name_nothing_is_shown(client: FlaskClient, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:9", "[::1]:8001"])
def test_every_name_of_this_machine_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200
