"""`POST /webhooks/github`: what is stored, what is refused, what a repetition does."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bountyhub.kit import ids
from tests.integrations.github.github_sandbox import signature
from tests.integrations.github.hub import Hub

BODY = b'{"action": "opened", "zen": "caf\\u00e9"}'


def post(hub: Hub, body: bytes = BODY, /, **changed: str | None) -> int:
    """A correct delivery with some headers changed (`X_GitHub_Event=…`) or left out (None)."""
    headers = {"X-GitHub-Event": "issues", "X-GitHub-Delivery": ids.new_ref(), "X-Hub-Signature-256": signature(body)}
    wanted = headers | {name.replace("_", "-"): value for name, value in changed.items()}
    headers = {name: value for name, value in wanted.items() if value is not None}
    return hub.client.post("/webhooks/github", data=body, headers=headers).status_code


@pytest.fixture
def empty(hub: Hub) -> Iterator[Hub]:
    """A hub of which a test may say that nothing more was stored."""
    before = len(hub.inbox())
    yield hub
    assert len(hub.inbox()) == before


def test_a_delivery_is_stored_as_it_came_and_handled_later(hub: Hub) -> None:
    assert post(hub, X_GitHub_Delivery="d-1") == 202
    stored = hub.inbox()[-1]
    assert (stored.source, stored.delivery_id, stored.event, stored.body) == ("github", "d-1", "issues", BODY.decode())
    assert stored.handled_at is None
    hub.work()
    assert hub.inbox()[-1].handled_at is not None


def test_five_times_is_once(hub: Hub) -> None:
    before = len(hub.inbox())
    assert {post(hub, X_GitHub_Delivery="d-1") for _ in range(5)} == {202}
    assert len(hub.inbox()) == before + 1


@pytest.mark.parametrize("wrong", [None, "", "sha256=", "sha256=" + "0" * 64, signature(b"other"), "sha1=" + "0" * 40])
def test_a_missing_or_wrong_signature_stores_nothing(empty: Hub, wrong: str | None) -> None:
    assert post(empty, X_Hub_Signature_256=wrong) == 401


@pytest.mark.parametrize("body", [BODY[:-4], b"", b"[]", b"null", b'"text"', b"\xff{}", b"[" * 100_000, b'{"a": NaN'])
def test_what_is_no_json_object_is_refused(empty: Hub, body: bytes) -> None:
    assert post(empty, body) == 400


def test_a_wrong_signature_comes_before_a_wrong_body(empty: Hub) -> None:
    assert post(empty, BODY[:-4], X_Hub_Signature_256=signature(BODY)) == 401


@pytest.mark.parametrize("name", ["X_GitHub_Event", "X_GitHub_Delivery"])
@pytest.mark.parametrize("value", [None, "", "x" * 300])
def test_a_delivery_without_its_headers_is_refused(empty: Hub, name: str, value: str | None) -> None:
    assert post(empty, **{name: value}) == 400


def test_26_megabytes_are_refused(empty: Hub) -> None:
    body = json.dumps({"action": "x" * 26 * 1024 * 1024}).encode()
    assert post(empty, body) == 413


@pytest.mark.parametrize("event", ["meta", "sponsorship", "made_up_next_year", "issues"])
def test_unknown_events_and_actions_are_acknowledged_and_kept(hub: Hub, event: str) -> None:
    assert hub.post(event, {"action": "never_heard_of"}) == 202
    hub.work()
    assert hub.inbox()[-1].event == event
    assert hub.inbox()[-1].handled_at is not None


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"action": "closed"},
        {"action": "closed", "issue": None, "repository": None},
        {"action": "closed", "issue": {"number": "1"}, "repository": {"id": "740000001"}},
        {"action": "closed", "issue": [], "repository": 7, "sender": "ana", "installation": []},
        {"action": "closed", "issue": {"number": -1}, "repository": {"id": 2**80}},
        {"action": ["closed"], "issue": {"number": True}, "repository": {"id": True}},
    ],
)
def test_bodies_of_any_shape_are_survived(hub: Hub, payload: dict[str, object]) -> None:
    for event in ("issues", "pull_request", "issue_comment", "installation", "installation_repositories", "repository"):
        for action in ("closed", "created", "deleted", "added"):
            changed = payload | {"action": action} if payload.get("action") == "closed" else payload
            assert hub.post(event, changed) == 202
    hub.work()
    assert all(stored.handled_at for stored in hub.inbox())
