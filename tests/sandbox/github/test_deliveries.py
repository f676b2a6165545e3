"""Webhooks: signed, logged, redelivered under the same id, held back, lost."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable

import pytest

from tests.sandbox.github.hub import Hub


def eventually(true: Callable[[], bool]) -> None:
    """The log is written just after the ear has heard."""
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end, "still not so after five seconds"
        time.sleep(0.01)


def log(hub: Hub) -> list[dict[str, object]]:
    found: list[dict[str, object]] = hub.get("/app/hook/deliveries", hub.app().auth.token).json()
    return found


def test_a_delivery_is_signed_over_its_exact_body(hub: Hub) -> None:
    hub.do("install", account="ana")
    heard = hub.ear.next()
    digest = hmac.new(hub.config.github_webhook_secret.encode(), heard.raw, hashlib.sha256).hexdigest()
    assert heard.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert heard.headers["X-GitHub-Hook-Installation-Target-ID"] == "4711"


def test_an_installation_tells_its_whole_life(hub: Hub) -> None:
    hub.do("install", account="ana", repos=["ana/inkwell"])
    hub.do("install", account="ana", repos=["ana/inkwell", "ana/pinsel"])
    hub.do("install", account="ana", repos=["ana/pinsel"])
    for action in ("suspend", "unsuspend", "uninstall"):
        hub.do(action, account="ana")
    assert hub.ear.names(6) == [
        "installation.created",
        "installation_repositories.added",
        "installation_repositories.removed",
        "installation.suspend",
        "installation.unsuspend",
        "installation.deleted",
    ]


def test_a_suspended_installation_hears_nothing_of_its_repositories(hub: Hub) -> None:
    hub.install()
    hub.do("suspend", account="ana")
    hub.do("open_issue", repo="ana/inkwell", title="Unheard")
    hub.do("unsuspend", account="ana")
    assert hub.ear.names(2) == ["installation.suspend", "installation.unsuspend"]


def test_the_log_shows_failures(hub: Hub) -> None:
    hub.ear.status = 500
    hub.do("install", account="ana")
    eventually(lambda: bool(log(hub)))
    (entry,) = log(hub)
    assert (entry["status_code"], entry["event"], entry["action"]) == (500, "installation", "created")


def test_a_failed_delivery_is_not_sent_again_by_itself(hub: Hub) -> None:
    hub.ear.status = 500
    hub.do("install", account="ana")
    hub.ear.next()
    eventually(hub.sandbox.sender.idle)
    assert hub.ear.nothing()


def test_a_redelivery_keeps_its_id_and_stands_in_the_log_twice(hub: Hub) -> None:
    hub.ear.status = 500
    hub.do("install", account="ana")
    first = hub.ear.next()
    eventually(lambda: bool(log(hub)))
    hub.ear.status = 202
    answer = hub.send("POST", f"/app/hook/deliveries/{log(hub)[0]['id']}/attempts", hub.app().auth.token)
    assert answer.status_code == 202
    again = hub.ear.next()
    assert (again.headers["X-GitHub-Delivery"], again.raw) == (first.headers["X-GitHub-Delivery"], first.raw)
    eventually(lambda: len(log(hub)) == 2)
    assert [(entry["redelivery"], entry["status_code"]) for entry in log(hub)] == [(True, 202), (False, 500)]


def test_the_log_comes_in_pages(hub: Hub) -> None:
    hub.install()
    for title in ("a", "b", "c"):
        hub.do("open_issue", repo="ana/inkwell", title=title)
    hub.ear.names(3)
    eventually(lambda: len(log(hub)) == 4)
    token = hub.app().auth.token
    first = hub.get("/app/hook/deliveries?per_page=3", token)
    assert len(first.json()) == 3
    rest = hub.session.get(first.links["next"]["url"], headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert [entry["event"] for entry in rest.json()] == ["installation"]
    assert "next" not in rest.links


def test_one_delivery_shows_what_was_sent(hub: Hub) -> None:
    hub.install()
    eventually(lambda: bool(log(hub)))
    one = hub.get(f"/app/hook/deliveries/{log(hub)[0]['id']}", hub.app().auth.token).json()
    assert one["request"]["payload"]["action"] == "created"


def test_held_deliveries_wait_and_keep_their_order(hub: Hub) -> None:
    hub.install()
    hub.do("pause_deliveries")
    hub.do("open_issue", repo="ana/inkwell", title="one")
    hub.do("close", repo="ana/inkwell", number=1)
    assert hub.do("resume_deliveries")["released"] == 2
    hub.do("reopen", repo="ana/inkwell", number=1)
    assert hub.ear.names(3) == ["issues.opened", "issues.closed", "issues.reopened"]


def test_dropped_deliveries_never_come(hub: Hub) -> None:
    hub.install()
    hub.do("drop_deliveries", count=2)
    for title in ("one", "two", "three"):
        hub.do("open_issue", repo="ana/inkwell", title=title)
    assert hub.ear.next().body["issue"]["title"] == "three"
    assert len(hub.do("deliveries", event="issues")["deliveries"]) == 1


def test_nothing_is_told_of_a_change_that_failed(hub: Hub) -> None:
    hub.install()
    assert hub.try_to("edit_pull_request", repo="ana/inkwell", number=1).status_code == 404
    assert hub.do("deliveries", event="pull_request")["deliveries"] == []


@pytest.mark.parametrize("path", ["/app/hook/deliveries", "/app/installations"])
def test_an_installation_token_is_no_app_token(hub: Hub, path: str) -> None:
    hub.install()
    assert hub.get(path, hub.token()).status_code == 401
