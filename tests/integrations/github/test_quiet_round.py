"""What a round of reconciliation over a quiet instance with 100 live tasks costs; the figure is left in build."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Response, request
from sqlalchemy import update

from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people import operations as people
from bountyhub.ports.forge import IssueInfo
from bountyhub.projects.models import Repository
from bountyhub.sandbox.github import limits
from bountyhub.tasks.operations import create_task
from tests.integrations.github.hub import Hub

FIGURE = Path(__file__).parents[3] / "build" / "github-quiet-round.json"
REPOSITORIES = ("ana/inkwell", "ana/pinsel")


def many_tasks(hub: Hub, each: int) -> None:
    """So many live tasks in each repository, and nothing to do for any of them."""
    ana = hub.person("ana")
    with transaction() as session:
        actor = people.actor_of_person(session, people.sign_in_with_forge(session, ana, None))
        for name in REPOSITORIES:
            row = session.get_one(Repository, hub.repository(name).id)
            for number in range(1, each + 1):
                id = row.forge_id + number
                issue = IssueInfo(id, row.forge_id, number, f"Issue {number}", "", (), True, ana, f"https://x/{id}")
                create_task(session, row, issue, actor, opened=True)
        session.flush()
        session.execute(update(OutboxJob).where(OutboxJob.every.is_(None)).values(finished_at=clock.real_now()))


def test_a_quiet_round_costs_three_free_calls_for_each_repository(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.install("ana", *REPOSITORIES)
    many_tasks(hub, 50)
    for name in REPOSITORIES:
        hub.github.do("push", repo=name)
    hub.lose_deliveries()
    clock.set_offset(timedelta(minutes=5))
    for _ in range(2):
        hub.sweep("forge.reconcile")
    answers: list[tuple[str, int]] = []
    add: Callable[..., None] = limits.add_headers

    def counting(response: Response, token: str | None) -> None:
        answers.append((request.path.rpartition("/api/v3")[2], response.status_code))
        add(response, token)

    monkeypatch.setattr(limits, "add_headers", counting)
    hub.sweep("forge.reconcile")
    unchanged = [path for path, status in answers if status == 304]
    assert (len(answers), len(unchanged)) == (6, 6), answers
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    FIGURE.write_text(json.dumps({"tasks": 100, "calls": len(answers), "unchanged": len(unchanged)}))
    answers.clear()
    hub.github.do("edit_issue", repo="ana/inkwell", number=1, title="Better")
    hub.lose_deliveries()
    hub.sweep("forge.reconcile")
    assert [status for path, status in answers if path.endswith("/issues")].count(200) == 1
    assert any(path.endswith("/graphql") for path, _ in answers)
