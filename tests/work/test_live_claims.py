"""Three live claims of a person count: one more holds nobody's money, is told to nobody, and is paid when merged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bountyhub.funding.models import Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgePerson, Permission, PullRequestInfo
from bountyhub.work import operations as work
from bountyhub.work.models import Claim
from bountyhub.work.queries import claim_status, task_status
from tests.builders.at_once import at_once
from tests.builders.policing import put
from tests.builders.world import ANA, BO, CLEO, DARA, World, closed, later, merged, owed_shares, pull

OTHERS = (13, 14, 15)


def full(world: World) -> None:
    """Bo has three live claims, on other tasks."""
    for number in OTHERS:
        world.task(number)
        world.record(pull(number + 40, closes=(number,)))


def uncounted(world: World) -> list[int]:
    return [claim.pull_number for claim in world.rows(Claim) if claim.uncounted]


def test_the_fourth_is_shown_in_its_merge_box_only(world: World) -> None:
    world.pay()
    full(world)
    before = len(world.jobs("notify.claim_linked"))
    world.linked()
    assert uncounted(world) == [40]
    assert len(world.jobs("notify.claim_linked")) == before
    with reading() as session:
        assert task_status(session, world.task_id).claims == []
        shown = claim_status(session, world.claim().id)
    assert shown.title.startswith("Merging this keeps 50 € of #12 for @bo")
    assert "Its author has 3 other live claims" in shown.summary
    assert world.step().text == "The first merged pull request that closes #12 is paid 50 €."


def test_it_keeps_no_money_and_no_task(world: World) -> None:
    given = world.pay()
    full(world)
    world.linked()
    later(15)
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    assert [refund.total for refund in world.rows(Refund)] == [5275]
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), Permission.ADMIN, "No.")
    assert world.read_task().state == "cancelled"


def test_a_maintainers_merge_pays_it(world: World) -> None:
    world.pay()
    full(world)
    world.record(merged(world.linked()))
    assert (world.claim().state, owed_shares(world)) == ("released", [(5000, "kept")])


def test_one_pull_request_for_many_tasks_is_many_claims(world: World) -> None:
    tasks = [world.task_id, *(world.task(number) for number in OTHERS)]
    world.record(pull(closes=(12, *OTHERS)))
    assert [claim.task_id for claim in world.rows(Claim) if claim.uncounted] == tasks[3:]


@pytest.mark.parametrize("over", [closed, merged])
def test_when_one_is_over_the_next_counts_and_is_told_of(world: World, over: Callable[..., PullRequestInfo]) -> None:
    full(world)
    world.record(pull())
    world.record(pull(41, closes=(12,)))
    assert uncounted(world) == [40, 41]
    world.record(over(pull(53, closes=(13,))))
    world.drain("work.count_claims")
    assert uncounted(world) == [41]
    assert {"claim": world.claim(40).id} in world.jobs("notify.claim_linked")


def begin(world: World, who: ForgePerson) -> None:
    with transaction() as session:
        work.begin_attempt(session, world.actor(who), world.task_id)


def test_where_attempts_are_asked_for_nobody_else_s_pull_request_counts(world: World) -> None:
    put(world, "claims: attempt_required")
    world.pay()
    world.linked()
    assert (uncounted(world), world.claim().uncounted) == ([40], "no_attempt")
    with reading() as session:
        assert "has not said that they are on it" in claim_status(session, world.claim().id).summary
    begin(world, DARA)
    world.drain("work.count_claims")
    assert uncounted(world) == [40]
    begin(world, BO)
    world.drain("work.count_claims")
    assert uncounted(world) == []
    assert world.jobs("notify.claim_linked") == [{"claim": world.claim().id}]


def test_who_said_it_first_counts_at_once(world: World) -> None:
    put(world, "claims: attempt_required")
    begin(world, BO)
    world.linked()
    assert uncounted(world) == []


def test_when_attempts_are_asked_for_no_more_everybody_counts(world: World) -> None:
    put(world, "claims: attempt_required")
    world.linked()
    put(world, "claims: open")
    world.drain("work.count_claims")
    assert uncounted(world) == []


def test_what_counted_goes_on_counting_when_attempts_are_asked_for(world: World) -> None:
    world.linked()
    put(world, "claims: attempt_required")
    world.drain("work.count_claims")
    assert uncounted(world) == []


def test_without_an_attempt_a_maintainers_merge_pays_too(world: World) -> None:
    put(world, "claims: attempt_required")
    world.pay()
    world.record(merged(world.linked()))
    assert (world.claim().state, owed_shares(world)) == ("released", [(5000, "kept")])


def test_a_fourth_that_was_not_attempted_waits_for_both(world: World) -> None:
    full(world)
    put(world, "claims: attempt_required")
    world.linked()
    put(world, None)
    world.drain("work.count_claims")
    assert world.claim(40).uncounted == "too_many"


def test_other_people_count_for_themselves(world: World) -> None:
    full(world)
    world.record(pull(author=DARA))
    assert uncounted(world) == []


def test_linked_again_it_is_counted_anew(world: World) -> None:
    world.record(pull())
    world.record(closed(pull()))
    full(world)
    world.record(pull())
    assert uncounted(world) == [40]


@pytest.mark.usefixtures("postgresql")
def test_two_that_are_linked_at_once() -> None:
    world = World.begin()
    for number in OTHERS[:2]:
        world.task(number)
        world.record(pull(number + 40, closes=(number,)))
    world.task(15)
    one, other = pull(), pull(55, closes=(15,))
    at_once(lambda s: work.record_pull_request(s, one, {}), lambda s: work.record_pull_request(s, other, {}))
    assert len(uncounted(world)) == 1
