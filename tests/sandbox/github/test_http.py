"""What every answer has: ETags, rate limits, addresses of the host that was asked, errors in GitHub's shape."""

from __future__ import annotations

import pytest
from github import GithubException, RateLimitExceededException

from tests.sandbox.github.hub import Hub


def test_an_unchanged_answer_is_304(hub: Hub) -> None:
    first = hub.get("/repos/ana/inkwell/issues/1")
    again = hub.get("/repos/ana/inkwell/issues/1", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_answer_is_not(hub: Hub) -> None:
    first = hub.get("/repos/ana/inkwell/issues/1")
    hub.do("close", repo="ana/inkwell", number=1)
    assert hub.get("/repos/ana/inkwell/issues/1", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_bodies_name_the_host_that_was_asked(hub: Hub) -> None:
    url = hub.url.replace("127.0.0.1", "localhost")
    body = hub.session.get(f"{url}/github/api/v3/repos/ana/inkwell", timeout=5).json()
    assert body["url"] == f"{url}/github/api/v3/repos/ana/inkwell"
    assert body["html_url"] == f"{url}/github/ana/inkwell"


def test_webhooks_name_the_configured_host(hub: Hub) -> None:
    hub.install()
    url = hub.url.replace("127.0.0.1", "localhost")
    hub.session.post(f"{url}/github/control/close", json={"repo": "ana/inkwell", "number": 1}, timeout=5)
    assert hub.ear.next().body["issue"]["url"].startswith(f"{hub.url}/github/api/v3/")


def test_the_remaining_requests_count_down(hub: Hub) -> None:
    hub.install()
    token = hub.token()
    left = [int(hub.get("/rate_limit", token).headers["X-RateLimit-Remaining"]) for _ in range(2)]
    assert left[0] - left[1] == 1


def test_a_primary_limit_is_the_librarys_own_error(hub: Hub) -> None:
    github = hub.install()
    until = hub.do("limit_rate", seconds=60)["until"]
    with pytest.raises(RateLimitExceededException) as refused:
        github.get_repo("ana/inkwell")
    headers = refused.value.headers or {}
    assert (headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"]) == ("0", str(until))


def test_a_secondary_limit_says_when_to_come_back(hub: Hub) -> None:
    github = hub.install()
    hub.do("limit_rate", seconds=30, secondary=True, status=429)
    with pytest.raises(GithubException) as refused:
        github.get_repo("ana/inkwell")
    assert refused.value.status == 429
    assert 0 < int((refused.value.headers or {})["retry-after"]) <= 30


def test_a_limit_is_lifted(hub: Hub) -> None:
    hub.do("limit_rate", seconds=60)
    hub.do("limit_rate", seconds=0)
    assert hub.get("/repos/ana/inkwell").status_code == 200


@pytest.mark.nonsense
@pytest.mark.parametrize("path", ["/nothing/here", "/repos/no/where", "/repositories/1", "/user/1", "/users/nobody-x"])
def test_an_unknown_address_is_answered_in_json(hub: Hub, path: str) -> None:
    answer = hub.get(path)
    assert answer.status_code == 404
    assert answer.json()["message"] == "Not Found"
