"""What GitHub's refusals and silences become: retry at, unavailable, gone, refused, not installed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from github import GithubException

from bountyhub.integrations.github.failures import LONGEST_WAIT, Limited, retry_at, translate
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused, OutsideUnavailable, RetryAt
from tests.integrations.github.conftest import Inkwell
from tests.integrations.github.github_sandbox import GitHub, settings_for, signature
from tests.servers.process import free_port


@pytest.mark.parametrize(
    ("status", "data", "headers", "expected"),
    [
        (404, {"message": "Not Found"}, {}, OutsideGone),
        (410, {"message": "This issue was deleted"}, {}, OutsideGone),
        (451, {"message": "Repository access blocked"}, {}, OutsideGone),
        (500, None, {}, OutsideUnavailable),
        (502, {"data": "<html>"}, {}, OutsideUnavailable),
        (408, {}, {}, OutsideUnavailable),
        (401, {"message": "Bad credentials"}, {}, OutsideRefused),
        (403, {"message": "Resource not accessible by integration"}, {}, OutsideRefused),
        (403, {"message": "This installation has been suspended"}, {}, NotInstalled),
        (422, {"message": "Validation Failed", "errors": [{"code": "invalid"}]}, {}, OutsideRefused),
        (429, {"message": "slow down"}, {}, Limited),
        (403, {"message": "API rate limit exceeded for installation"}, {}, Limited),
        (403, {"message": "You have exceeded a secondary rate limit"}, {"retry-after": "30"}, Limited),
        (403, {"message": "no"}, {"x-ratelimit-remaining": "0"}, Limited),
        (400, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit"}]}, {}, Limited),
    ],
)
def test_one_mapping(status: int, data: Any, headers: dict[str, str], expected: type[Exception]) -> None:
    found = translate(GithubException(status, data, headers), "GET /x")
    assert type(found) is expected
    assert str(found).startswith("GET /x")


def test_a_refusal_keeps_githubs_own_word() -> None:
    data = {"message": "Validation Failed", "errors": [{"code": "already_exists"}]}
    found = translate(GithubException(422, data, {}), "POST /x")
    assert isinstance(found, OutsideRefused)
    assert found.code == "already_exists"


@pytest.mark.parametrize(
    "error", [requests.ConnectionError("secret"), requests.Timeout(), ValueError("{"), AssertionError()]
)
def test_silence_is_unknown_and_says_nothing_secret(error: Exception) -> None:
    found = translate(error, "GET /x")
    assert type(found) is OutsideUnavailable
    assert "secret" not in str(found)


def test_retry_at_takes_githubs_word_within_reason() -> None:
    now = clock.real_now()
    reset = str(int((now + timedelta(minutes=7)).timestamp()))
    cases: list[tuple[dict[str, str], timedelta]] = [
        ({"retry-after": "30"}, timedelta(seconds=30)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}, timedelta(minutes=7)),
        ({}, timedelta(seconds=60)),
        ({"retry-after": "soon"}, timedelta(seconds=60)),
        ({"retry-after": "999999999999"}, LONGEST_WAIT),
        ({"x-ratelimit-reset": "1"}, timedelta(seconds=1)),
    ]
    for headers, wait in cases:
        assert abs(retry_at(headers) - (now + wait)) < timedelta(seconds=3), headers


@pytest.mark.parametrize(("secondary", "status"), [(False, 403), (False, 429), (True, 403), (True, 429)])
def test_a_limit_of_the_real_protocol_delays(inkwell: Inkwell, secondary: bool, status: int) -> None:
    inkwell.github.do("limit_rate", seconds=90, secondary=secondary, status=status)
    with pytest.raises(RetryAt) as limit:
        inkwell.forge.read_issue(inkwell.id, 1)
    assert timedelta(seconds=80) < limit.value.at - datetime.now(UTC) < timedelta(seconds=100)
    with pytest.raises(RetryAt):
        inkwell.forge.create_comment(inkwell.id, 1, "not now")


def test_nobody_listening_is_unavailable(github: GitHub) -> None:
    away = settings_for(github).model_copy(update={"GITHUB_API_URL": f"http://127.0.0.1:{free_port()}/github/api/v3"})
    forge = GitHubForge(away, lambda repository: 1)
    with pytest.raises(OutsideUnavailable):
        forge.read_issue(1, 1)
    with pytest.raises(OutsideUnavailable):
        forge.check()


def test_a_revoked_token_is_replaced_at_the_next_attempt(inkwell: Inkwell) -> None:
    inkwell.forge.read_issue(inkwell.id, 1)
    inkwell.github.do("uninstall", account="ana")
    again = inkwell.github.do("install", account="ana", repos=["ana/inkwell"])["id"]
    with pytest.raises(OutsideUnavailable):
        inkwell.forge.read_issue(inkwell.id, 1)
    with pytest.raises(NotInstalled):
        inkwell.forge.read_issue(inkwell.id, 1)
    inkwell.installations[inkwell.id] = again
    assert inkwell.forge.read_issue(inkwell.id, 1).number == 1


def test_signatures(inkwell: Inkwell) -> None:
    inkwell.forge.verify_webhook(b"{}", signature(b"{}"))
    for wrong in ("", "sha256=", signature(b"{ }"), signature(b"{}").upper(), "sha1=abc", "sha256=\u00e9\udcff"):
        with pytest.raises(OutsideRefused):
            inkwell.forge.verify_webhook(b"{}", wrong)
