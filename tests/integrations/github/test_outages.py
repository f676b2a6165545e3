"""We or GitHub are away for hours or days while work goes on: afterwards everything is as if nobody had been away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.funding.models import Refund
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.projects.models import BotAction, BotVerb, Repository
from bountyhub.work.models import Claim, Release, Revert
from tests.integrations.github.hub import Hub
from tests.integrations.github.test_lost_deliveries import asked, later, walk

SWEEPS = ("forge.reconcile_all", "forge.reconcile", "forge.reconcile")


@dataclass(frozen=True)
class Begun:
    """Tasks of issues 1 to 3 and of Eve's first one; pull requests of which the first is linked."""

    tasks: list[int]
    linked: int
    other: int


def begin(hub: Hub) -> Begun:
    hub.install("eve", "eve/almanac")
    tasks = [hub.open_task(number) for number in (1, 2, 3)] + [hub.open_task(1, "eve/almanac", hub.person("eve"))]
    hub.fund(tasks[0])
    hub.fund(tasks[3])
    hub.github.do("push", repo="ana/inkwell")  # no real repository is empty
    linked, other = hub.pull("Fixes #1"), hub.pull("Mends it")
    hub.deliver()
    hub.sweep("forge.reconcile")
    return Begun(tasks, linked, other)


def work_goes_on(hub: Hub, begun: Begun, told: Callable[[], None]) -> None:
    """A merge, a closing, commands, renames, an uninstallation, a revert; `told` is called after each."""
    repository = "ana/inkwell"
    merged = hub.github.do("merge", repo=repository, number=begun.linked)
    told()
    hub.github.do("close", repo=repository, number=3)
    told()
    for body in ("/claim #2", "/bounty"):
        hub.github.do("comment", repo=repository, number=begun.other, body=body, **{"as": "bo"})
        told()
    hub.github.do("rename_repository", repo=repository, name="quill")
    told()
    hub.github.do("uninstall", account="eve")
    told()
    hub.github.do("push", repo="ana/quill", messages=[f"This reverts commit {merged['sha']}."])
    told()


def end(hub: Hub, begun: Begun) -> dict[str, object]:
    """All that matters of how it ended."""
    with reading() as session:
        verbs = (BotVerb.COMMENT, BotVerb.REPLY, BotVerb.REACTION)
        did = select(BotAction.what, func.count()).where(BotAction.what.in_(verbs)).group_by(BotAction.what)
        claims = select(Claim).order_by(Claim.pull_number)
        return {
            "tasks": [str(hub.task(task).state) for task in begun.tasks],
            "claims": [(claim.pull_number, str(claim.state)) for claim in session.scalars(claims)],
            "releases": session.scalar(select(func.count()).select_from(Release)),
            "reverts": session.scalar(select(func.count()).select_from(Revert)),
            "refunds": session.scalar(select(func.count()).select_from(Refund)),
            "names": set(session.scalars(select(Repository.name))),
            "closed": not hub.task(begun.tasks[2]).issue_open,
            "did": {str(what): count for what, count in session.execute(did)},
        }


def expected(begun: Begun) -> dict[str, object]:
    return {
        "tasks": ["merged", "open", "open", "cancelled"],
        "claims": [(begun.linked, "released"), (begun.other, "linked")],
        "releases": 1, "reverts": 1, "refunds": 1, "names": {"quill", "almanac"}, "closed": True,
        "did": {"comment": 4, "reply": 2, "reaction": 2},
    }  # fmt: skip


def test_undisturbed(hub: Hub) -> None:
    begun = begin(hub)
    work_goes_on(hub, begun, hub.deliver)
    assert end(hub, begun) == expected(begun)


@pytest.mark.parametrize("away", [timedelta(hours=6), timedelta(days=4)])
def test_we_were_away(hub: Hub, monkeypatch: pytest.MonkeyPatch, away: timedelta) -> None:
    begun = begin(hub)
    work_goes_on(hub, begun, hub.lose_deliveries)
    with hub.github.running.sandbox.store.transaction() as tx:
        tx.put("clock", "offset", {"seconds": int(away.total_seconds())})
    clock.set_offset(away)
    if away > timedelta(days=3):
        later(monkeypatch, away)
    for _ in range(2):  # once, and that nothing is done twice
        walk(hub)
        hub.posted -= set(asked(hub))
        hub.deliver()
        for sweep in SWEEPS:
            hub.sweep(sweep)
    assert bool(asked(hub)) is (away < timedelta(days=3))
    assert end(hub, begun) == expected(begun)


def test_github_was_away(hub: Hub) -> None:
    begun = begin(hub)
    work_goes_on(hub, begun, lambda: None)
    hub.github.do("take_away", seconds=36_000)
    for row in hub.deliveries():
        hub.posted.add(row["id"])
        assert hub.post(row["event"].partition(".")[0], row["body"].encode(), row["id"]) == 202
    for _ in range(3):
        _attempt_all()
    hub.github.do("take_away", seconds=0)
    hub.work()
    for sweep in SWEEPS:
        hub.sweep(sweep)
    assert end(hub, begun) == expected(begun)


def _attempt_all() -> None:
    """Every job that waits is tried once and put off."""
    with reading() as session:
        due = OutboxJob.finished_at.is_(None) & OutboxJob.every.is_(None)
        rows = [row for row in session.scalars(select(OutboxJob).where(due)) if row.name.startswith("inbox.github")]
    assert rows
    for row in rows:
        outbox.run(Run(row.id, row.attempts + 1, row.args["inbox"]))


def test_one_try_without_an_answer_is_put_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    task = hub.open_task()
    hub.github.do("edit_issue", repo="ana/inkwell", number=1, title="Better")
    row = next(row for row in hub.deliveries() if row["event"] == "issues.edited")
    hub.post("issues", row["body"].encode(), row["id"])
    with monkeypatch.context() as patched:
        patched.setattr(GitHubForge, "read_issue", _times_out)
        _attempt_all()
    assert hub.task(task).title != "Better"
    hub.work()
    assert hub.task(task).title == "Better"


def _times_out(*_: object) -> None:
    raise OutsideUnavailable("POST graphql: ReadTimeout")
