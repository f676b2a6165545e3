"""Reverts that are taken back, that come after the release, or before a late claim is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bountyhub.events.models import Alarm
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import Permission, TakenBack
from bountyhub.work import operations as work
from bountyhub.work.models import Objection
from bountyhub.work.rules_reverts import names, standing
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    pull,
)
from tests.work.watching import Watched


@pytest.fixture
def watched(world: World) -> Watched:
    return Watched(world, Outside().use())


# ---------------------------------------------------------------- merged again


@pytest.mark.parametrize("how", ["push", "pull", "again"])
def test_merged_again_lifts_the_block_and_the_days_begin_anew(watched: Watched, how: str) -> None:
    watched.window()
    later(3)
    watched.revert_by_pull()
    later(2)
    if how == "push":
        watched.push("f" * 40, 'Reapply "Build it 40"', TakenBack(sha="c" * 40))
        watched.look()
    elif how == "pull":
        watched.revert_by_pull(51, of=50, sha="f" * 40)
    else:
        watched.says(replace(merged(pull(52), by=ANA), merge_sha="f" * 40))
    claim = watched.world.claim()
    assert (claim.state, claim.reverted_url, str(watched.world.rows(Objection)[0].state)) == ("window", "", "withdrawn")
    assert claim.until is not None
    assert timedelta(days=6.9) < claim.until - clock.now() <= timedelta(days=7)
    later(7.1)
    watched.world.sweep("work.sweep_windows")
    assert owed_shares(watched.world) == [(5000, "kept")]
    assert_books_are_right()


def test_the_clock_begins_anew_once(watched: Watched) -> None:
    watched.window()
    watched.revert_by_pull(50)
    watched.revert_by_pull(51, of=50, sha="d" * 40)
    until = watched.world.claim().until
    later(2)
    watched.revert_by_pull(52, of=51, sha="e" * 40)
    assert watched.state == "blocked"
    watched.revert_by_pull(53, of=52, sha="f" * 40)
    assert (watched.state, watched.world.claim().until) == ("window", until)


def test_somebody_elses_pull_request_for_the_issue_lifts_nothing(watched: Watched) -> None:
    watched.window()
    watched.revert_by_pull()
    watched.says(replace(merged(pull(52, author=DARA), by=ANA), merge_sha="f" * 40))
    assert watched.state == "blocked"


def test_a_deciders_own_objection_stays_when_the_change_is_merged_again(watched: Watched) -> None:
    watched.window()
    with transaction() as session:
        work.object_to_claim(
            session, watched.world.claim().id, watched.world.actor(EVE), Permission.MAINTAIN, "It breaks saving."
        )
    watched.revert_by_pull()
    watched.revert_by_pull(51, of=50, sha="d" * 40)
    assert [str(row.state) for row in watched.world.rows(Objection)] == ["open", "withdrawn"]
    assert watched.state == "blocked"


# ---------------------------------------------------------------- after the release, and late claims


def test_after_the_release_it_is_noted_and_shown_to_operators(watched: Watched) -> None:
    watched.world.pay()
    watched.says(watched.done(watched.world.linked()))
    watched.revert_by_push()
    assert (watched.state, owed_shares(watched.world), watched.world.rows(Objection)) == (
        "released", [(5000, "kept")], [],
    )  # fmt: skip
    assert "claim_reverted" in watched.world.actions("claim")
    watched.world.sweep("work.sweep_reverts")
    (alarm,) = watched.world.rows(Alarm)
    assert "#40 brought was reverted after its money was released" in alarm.text
    watched.push("f" * 40, "Reapply", TakenBack(sha="b" * 40))
    watched.look()
    watched.world.sweep("work.sweep_reverts")
    assert watched.world.rows(Alarm)[0].ended_at is not None


def test_a_late_claim_confirmed_after_its_revert_is_blocked(watched: Watched) -> None:
    watched.world.pay()
    watched.says(watched.done(pull()))
    watched.revert_by_push()
    assert watched.state == "late"
    with transaction() as session:
        work.confirm_claim(session, watched.world.claim().id, watched.world.actor(EVE), Permission.MAINTAIN)
    watched.world.drain("work.look_at_reverts")
    assert watched.state == "blocked"


# ---------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    ("takes_back", "left"),
    [
        ({}, []),
        ({1: 0}, [1]),
        ({1: 0, 2: 1}, []),
        ({1: 0, 2: 1, 3: 2}, [1]),
        ({1: 0, 2: 0, 3: 2}, [1]),
        ({1: 0, 2: 1, 3: 0}, [3]),
        ({1: 0, 2: 1, 3: 1, 4: 2}, []),
        ({1: 0, 2: 1, 3: 2, 4: 3}, []),
    ],
)
def test_which_reverts_stand(takes_back: dict[int, int], left: list[int]) -> None:
    assert standing(takes_back) == left


def test_a_hash_is_named_by_its_beginning_of_seven() -> None:
    assert names(["abcdef1"], ["abcdef1234"])
    assert not names(["abcdef"], ["abcdef1234"])
    assert not names([""], [""])
