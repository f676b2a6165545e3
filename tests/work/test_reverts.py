"""The revert watch: what counts as a revert, what it blocks, and who settles that."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.events.sweeps import SomeFailed
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.forge import CommitInfo, Permission, TakenBack
from bountyhub.work import operations as work
from bountyhub.work.models import Objection, Revert
from bountyhub.work.queries import claim_status
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    BO,
    EVE,
    REPOSITORY,
    World,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    pull,
)
from tests.work.watching import MERGE, ROOT, Watched


@pytest.fixture
def watched(world: World) -> Watched:
    return Watched(world, Outside().use())


# ---------------------------------------------------------------- blocking


def test_a_pushed_revert_blocks_a_window_visibly(watched: Watched) -> None:
    watched.window()
    watched.revert_by_push()
    (objection,) = watched.world.rows(Objection)
    assert (watched.state, objection.by_decider, objection.by_revert) == ("blocked", True, True)
    assert objection.reason == f"The change was reverted: {REPOSITORY.url}/commit/{'b' * 40}"
    with reading() as session:
        status = claim_status(session, watched.world.claim().id)
    assert status.title == "A revert blocks 50 € of #12"
    assert f"/commit/{'b' * 40}" in status.summary
    assert "was reverted" in watched.world.step().text


@pytest.mark.parametrize(
    "takes_back",
    [TakenBack(sha=MERGE), TakenBack(sha=MERGE[:7]), TakenBack(sha="d" * 12), TakenBack(pull=40),
     TakenBack(title="Build it 40")],
)  # fmt: skip
def test_a_revert_names_the_merge_its_commits_the_pull_request_or_its_title(
    watched: Watched, takes_back: TakenBack
) -> None:
    watched.window(commits=(CommitInfo("d" * 40, "Step", BO),))
    watched.push("b" * 40, "Revert", takes_back)
    watched.look()
    assert watched.state == "blocked"


@pytest.mark.parametrize(
    "takes_back", [TakenBack(sha="e" * 40), TakenBack(sha=MERGE[:6]), TakenBack(pull=41), TakenBack(title="Build it")]
)
def test_a_revert_of_something_else_blocks_nothing(watched: Watched, takes_back: TakenBack) -> None:
    watched.window()
    watched.push("b" * 40, "Revert", takes_back)
    watched.look()
    assert (watched.state, watched.world.rows(Revert)) == ("window", [])


def test_a_merged_pull_request_that_reverts_blocks_too(watched: Watched) -> None:
    watched.window()
    watched.revert_by_pull()
    assert watched.state == "blocked"
    assert watched.world.claim().reverted_url == f"{REPOSITORY.url}/pull/50"


@pytest.mark.parametrize("changes", [{"base": "next", "base_is_default": False}, {}])
def test_a_revert_that_is_not_on_the_branch_blocks_nothing(watched: Watched, changes: dict[str, Any]) -> None:
    watched.window()
    opened = pull(50, author=EVE, closes=(), takes_back=(TakenBack(pull=40),), **changes)
    watched.says(merged(opened, by=ANA) if changes else opened)
    assert watched.state == "window"


def test_one_revert_heard_of_in_every_way_and_often_is_one_objection(watched: Watched) -> None:
    watched.window()
    watched.push("c" * 40, "Merge", TakenBack(sha=MERGE))
    for _ in range(2):
        watched.revert_by_pull(sha="c" * 40)
        watched.look()
        watched.forge.branches["main"].insert(0, ROOT)
    assert len(watched.world.rows(Revert)) == len(watched.world.rows(Objection)) == 1


def test_a_look_begins_where_the_last_one_ended(watched: Watched) -> None:
    watched.window()
    watched.revert_by_push()
    watched.world.rows(Revert)
    assert watched.forge.pushed(REPOSITORY.id, "main", "b" * 40).commits == ()
    watched.look()
    assert len(watched.world.rows(Revert)) == 1


def test_a_commit_of_its_own_history_is_no_revert_of_a_pull_request(watched: Watched) -> None:
    own = CommitInfo("d" * 40, "Step", BO)
    back = CommitInfo("e" * 40, "Revert", BO, takes_back=(TakenBack(sha="d" * 40),))
    watched.window(commits=(own, back), takes_back=(TakenBack(sha="d" * 40),))
    watched.forge.branches["main"] += [own, back]
    watched.look()
    assert watched.state == "window"


def test_a_merge_nobody_heard_of_is_recorded_before_its_revert(watched: Watched) -> None:
    watched.world.pay()
    watched.forge.pulls[40] = watched.done(watched.world.linked(), by=BO)
    watched.revert_by_push()
    assert watched.state == "blocked"


def test_a_window_that_ends_is_looked_at_once_more(watched: Watched) -> None:
    watched.window()
    watched.look()
    watched.push("b" * 40, "Revert", TakenBack(sha=MERGE))
    later(7.1)
    watched.world.sweep("work.sweep_windows")
    assert (watched.state, owed_shares(watched.world)) == ("blocked", [])


def test_a_window_waits_a_day_for_a_forge_that_is_away(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.window()
    watched.look()
    monkeypatch.setattr(watched.forge, "pushed", _away)
    later(7.1)
    with pytest.raises(SomeFailed):
        watched.world.sweep("work.sweep_windows")
    assert watched.state == "window"
    later(1)
    watched.world.sweep("work.sweep_windows")
    assert watched.state == "released"


def _away(*_: object) -> Any:
    raise OutsideUnavailable("away")


# ---------------------------------------------------------------- settling


def test_nobody_settles_it_and_the_facts_refuse_it(watched: Watched) -> None:
    watched.window()
    watched.revert_by_push()
    later(14.1)
    watched.world.sweep("work.sweep_objections")
    assert (watched.state, owed_shares(watched.world)) == ("refused", [])
    assert watched.world.rows(Objection)[0].settled_reason == "by the facts: the change was reverted"
    assert_books_are_right()


def test_a_decider_may_release_it_all_the_same(watched: Watched) -> None:
    watched.window()
    watched.revert_by_push()
    with transaction() as session:
        work.settle_claim(
            session, watched.world.claim().id, watched.world.actor(ANA), Permission.ADMIN, accept=True, reason="Mine."
        )
    watched.look()
    assert (watched.state, owed_shares(watched.world)) == ("released", [(5000, "kept")])
