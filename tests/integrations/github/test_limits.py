"""A rate limit delays and loses nothing, and while it lasts nobody else of the same installation knocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Response
from sqlalchemy import select

from bountyhub.bot.pauses import PausesHere, SharedPauses
from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.errors import RetryAt
from bountyhub.sandbox.github import limits
from tests.integrations.github.github_sandbox import settings_for
from tests.integrations.github.hub import Hub

KINDS: list[dict[str, Any]] = [
    {"secondary": False, "status": 403},
    {"secondary": False, "status": 429},
    {"secondary": True, "status": 403},
    {"secondary": True, "status": 429},
    {"secondary": False, "part": "graphql"},
]
NOON = datetime.fromisoformat("2026-11-29T12:00:00+00:00")


@pytest.fixture
def knocks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What GitHub was asked, by path."""
    found: list[str] = []
    judge: Callable[..., None] = limits.require_below_limit

    def counting(world: object, path: str) -> None:
        found.append(path)
        judge(world, path)

    monkeypatch.setattr(limits, "require_below_limit", counting)
    return found


def asked_to_read(hub: Hub, number: int) -> int:
    """A job that reads an issue; its row."""
    with transaction() as session:
        outbox.add(session, "forge.read_issue", repository=hub.repository().forge_id, number=number)
    with reading() as session:
        return session.scalars(select(OutboxJob.id).order_by(OutboxJob.id.desc())).first() or 0


def attempt(row: int) -> OutboxJob:
    outbox.run(Run(row, 1))
    with reading() as session:
        return session.get_one(OutboxJob, row)


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_delays_its_job_and_all_others_of_the_installation(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, knocks: list[str], kind: dict[str, Any]
) -> None:
    task, other = hub.open_task(1), hub.open_task(2)
    for number, title in ((1, "Better"), (2, "Best")):
        hub.github.do("edit_issue", repo="ana/inkwell", number=number, title=title)
    hub.lose_deliveries()
    rows = [asked_to_read(hub, number) for number in (1, 2)]
    hub.github.do("limit_rate", seconds=90, **kind)
    knocks.clear()
    put_off = [attempt(row) for row in rows]
    assert len(knocks) == 1
    for job in put_off:
        assert job.finished_at is None
        assert timedelta(seconds=80) < job.run_at - clock.real_now() < timedelta(seconds=100)
    hub.github.do("limit_rate", seconds=0)
    then = clock.real_now() + timedelta(seconds=100)
    monkeypatch.setattr(clock, "real_now", lambda: then)
    hub.work()
    assert [hub.task(one).title for one in (task, other)] == ["Better", "Best"]


def test_a_primary_limit_of_graphql_holds_back_graphql_alone(hub: Hub, knocks: list[str]) -> None:
    repository = hub.repository().forge_id
    hub.github.do("limit_rate", seconds=90, part="graphql")
    for _ in range(2):
        with pytest.raises(RetryAt):
            hub.forge.read_issue(repository, 1)
    assert [path for path in knocks if path.endswith("graphql")] == ["/github/api/graphql"]
    assert hub.forge.changed_issues(repository, clock.now() + timedelta(days=1)).items == ()


@pytest.mark.parametrize("make", [PausesHere, SharedPauses])
def test_a_pause_only_grows_and_ends(sqlite: str, monkeypatch: pytest.MonkeyPatch, make: type[SharedPauses]) -> None:
    assert sqlite
    pauses = make()
    monkeypatch.setattr(clock, "real_now", lambda: NOON)
    pauses.hold("installation:1", NOON + timedelta(minutes=5))
    pauses.hold("installation:1", NOON + timedelta(minutes=1))
    pauses.hold("app", NOON + timedelta(minutes=9))
    assert pauses.until("installation:1", "installation:1:core") == NOON + timedelta(minutes=5)
    assert pauses.until("installation:2", "anybody") is None
    monkeypatch.setattr(clock, "real_now", lambda: NOON + timedelta(minutes=5))
    assert pauses.until("installation:1") is None


def test_the_last_call_that_was_left_holds_back_the_next(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, knocks: list[str]
) -> None:
    def used_up(response: Response, _token: str | None) -> None:
        response.headers["X-RateLimit-Remaining"] = "0"
        response.headers["X-RateLimit-Reset"] = str(int(clock.real_now().timestamp()) + 90)

    repository, since = hub.repository().forge_id, clock.now()
    hub.forge.changed_issues(repository, since)
    monkeypatch.setattr(limits, "add_headers", used_up)
    knocks.clear()
    hub.forge.changed_issues(repository, since)
    with pytest.raises(RetryAt):
        hub.forge.changed_issues(repository, since)
    assert len(knocks) == 1


def test_a_limit_of_the_app_holds_back_new_tokens_too(hub: Hub, knocks: list[str]) -> None:
    SharedPauses().hold("app", clock.real_now() + timedelta(minutes=5))
    anew = GitHubForge(settings_for(hub.github), lambda _: 42, pauses=SharedPauses())
    knocks.clear()
    with pytest.raises(RetryAt):
        anew.read_issue(hub.repository().forge_id, 1)
    assert knocks == []
