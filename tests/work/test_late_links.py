"""A link made after the merge is late, even when clock and forge name the same second for both."""

from __future__ import annotations

from datetime import datetime

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.projects.models import Repository
from bountyhub.work.models import Claim
from bountyhub.work.operations.commands import claim_by_author
from tests.builders.world import BO, World, merged, owed_shares, pull


@pytest.fixture(autouse=True)
def one_second(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Everything happens within it."""
    now = clock.now().replace(microsecond=500_000)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def claim_after_the_merge(world: World, second: datetime) -> Claim:
    over = merged(pull(40, closes=()), at=second.replace(microsecond=0))
    world.record(over)
    with transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        return claim_by_author(session, world.actor(BO), repository, over, 12)


def test_a_claim_in_the_second_of_the_merge_is_late(world: World, one_second: datetime) -> None:
    world.pay()
    assert claim_after_the_merge(world, one_second).state == "late"


def test_its_check_run_does_not_make_it_shown_before(world: World, one_second: datetime) -> None:
    world.pay()
    claim = claim_after_the_merge(world, one_second)
    world.show(claim)
    world.record(merged(pull(40, closes=()), at=one_second.replace(microsecond=0)))
    assert (world.claim().state, world.claim().shown_at, owed_shares(world)) == ("late", None, [])
