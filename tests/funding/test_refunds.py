"""Money on its way back: asked once, debited, done; or failing at each step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bountyhub.events import outbox
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.funding.rules import retry_in
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.ports.payments import RefundResult, RefundStatus
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import CLEO, World, assert_books_are_right, later, merged, refunded

FAILED, PENDING = RefundStatus.FAILED, RefundStatus.PENDING


def returning(world: World) -> Contribution:
    """A contribution of 50.00 whose backer takes it back."""
    given = world.pay(5000)
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    return given


def record(result: RefundResult) -> None:
    with transaction() as session:
        funding.record_refund(session, result)


def refund(world: World) -> Refund:
    row: Refund = world.rows(Refund)[0]
    return row


def standing(world: World, given: Contribution) -> tuple[str, str, dict[str, int]]:
    return str(refund(world).state), str(world.contribution(given.id).state), world.balances(given)


def run_again(world: World) -> None:
    """The outbox's delay is over."""
    with transaction() as session:
        outbox.add(session, "funding.send_refund", refund=refund(world).id)
    world.drain("funding.")


@pytest.mark.usefixtures("database")
def test_a_refund_is_debited_then_done_and_closes_its_contribution() -> None:
    world = World.begin()
    given = returning(world)
    record(refunded(refund(world), PENDING))
    assert standing(world, given) == ("debited", "closed", {})
    record(refunded(refund(world)))
    record(refunded(refund(world)))
    assert standing(world, given) == ("done", "closed", {})
    assert_books_are_right()


def test_a_pending_refund_without_a_booking_of_the_processor_waits(world: World) -> None:
    given = returning(world)
    record(refunded(refund(world), PENDING, debited=False))
    assert standing(world, given) == ("asked", "held", {"refund_pending": 5275})


@pytest.mark.usefixtures("database")
def test_a_refund_that_fails_before_the_debit_stays_the_backers() -> None:
    world = World.begin()
    given = returning(world)
    for _ in range(2):
        record(refunded(refund(world), FAILED, debited=False))
    assert standing(world, given) == ("failed", "held", {"unclaimed_refund": 5275})
    assert len(world.jobs("notify.refund_unclaimed")) == 1
    assert_books_are_right()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("before", [PENDING, RefundStatus.SUCCEEDED])
def test_a_refund_that_comes_back_after_the_debit_is_the_backers_again(before: RefundStatus) -> None:
    world = World.begin()
    given = returning(world)
    record(refunded(refund(world), before))
    record(refunded(refund(world), FAILED, failure="txn_back"))
    assert standing(world, given) == ("failed", "held", {"unclaimed_refund": 5275})
    assert_books_are_right()


def test_a_failure_that_brought_nothing_back_yet_is_waited_for(world: World) -> None:
    given = returning(world)
    record(refunded(refund(world), FAILED))
    assert standing(world, given) == ("debited", "closed", {})
    record(refunded(refund(world), FAILED, failure="txn_back"))
    assert standing(world, given)[:2] == ("failed", "held")


def test_an_old_word_after_a_failure_changes_nothing(world: World) -> None:
    given = returning(world)
    record(refunded(refund(world), FAILED, failure="txn_back"))
    record(refunded(refund(world)))
    assert standing(world, given) == ("failed", "held", {"unclaimed_refund": 5275})


def test_unclaimed_money_never_goes_back_to_the_task(world: World) -> None:
    returning(world)
    record(refunded(refund(world), FAILED, debited=False))
    world.record(merged(world.linked()))
    assert (world.read_task().state, world.step().text[:12]) == ("completed", "The work was")


def test_a_foreign_refund_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        record(RefundResult("re_1", "nobody", PENDING, Money(1, "EUR"), None, None, clock.now()))


def test_the_job_asks_once_however_often_it_runs(world: World) -> None:
    outside = Outside().use()
    given = returning(world)
    world.drain("funding.")
    run_again(world)
    assert outside.gateway.keys("create_refund") == [refund(world).ref]
    assert standing(world, given) == ("done", "closed", {})


def test_a_processor_that_is_away_is_asked_again_by_the_same_key(world: World) -> None:
    outside = Outside().use()
    outside.gateway.fail["create_refund"] = [OutsideUnavailable("timed out")]
    returning(world)
    world.drain("funding.")
    assert refund(world).state == "asked"
    run_again(world)
    assert outside.gateway.keys("create_refund") == [refund(world).ref] * 2
    assert refund(world).state == "done"


def test_after_a_day_the_processor_is_asked_what_it_did_before_asking_again(world: World) -> None:
    outside = Outside().use()
    given = returning(world)
    ref = refund(world).ref
    outside.gateway.refunds[ref] = refunded(refund(world))
    with transaction() as session:
        row = funding.refund_called(session, refund(world).id)
        row.called_at = clock.real_now() - timedelta(hours=25)
    world.drain("funding.")
    assert outside.gateway.calls == [("find_refund", ref)]
    assert standing(world, given) == ("done", "closed", {})


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("error", [OutsideRefused("no", "balance_insufficient"), OutsideGone("HTTP 404")])
def test_a_refused_refund_is_asked_for_again_under_a_new_key(error: Exception) -> None:
    world, outside = World.begin(), Outside().use()
    outside.gateway.fail["create_refund"] = [error]
    given = returning(world)
    world.drain("funding.")
    assert standing(world, given) == ("asked", "held", {"refund_pending": 5275})
    assert world.jobs("notify.refund_unclaimed") == []
    run_again(world)
    ref = refund(world).ref
    assert outside.gateway.keys("create_refund") == [ref, f"{ref}-2"]
    assert standing(world, given) == ("done", "closed", {})
    assert_books_are_right()


def test_what_is_refused_again_and_again_is_asked_ever_more_rarely(world: World) -> None:
    outside = Outside().use()
    outside.gateway.fail["create_refund"] = [OutsideRefused("no", "more_permissions_required")] * 3
    returning(world)
    assert world.drain("funding.") == 1
    assert len(world.jobs("funding.send_refund")) == 1
    assert [retry_in(attempt).total_seconds() for attempt in (1, 2, 30)] == [60, 120, 21600]


def test_an_old_refusal_of_a_refund_changes_nothing(world: World) -> None:
    returning(world)
    ref = refund(world).ref
    for _ in range(2):
        with transaction() as session:
            funding.refuse_refund(session, refund(world).id, ref)
    assert refund(world).attempt == 2


def test_a_look_that_is_refused_leaves_the_refund_as_it_is(world: World) -> None:
    outside = Outside().use()
    given = returning(world)
    ref = refund(world).ref
    outside.gateway.refunds[ref] = refunded(refund(world))
    outside.gateway.fail["find_refund"] = [OutsideRefused("no", "more_permissions_required")]
    with transaction() as session:
        row = funding.refund_called(session, refund(world).id)
        row.called_at = clock.real_now() - timedelta(hours=25)
    world.drain("funding.")
    assert standing(world, given) == ("asked", "held", {"refund_pending": 5275})
    run_again(world)
    assert outside.gateway.keys("create_refund") == []
    assert standing(world, given) == ("done", "closed", {})


@pytest.mark.parametrize("debited", [True, False])
def test_a_refund_whose_webhooks_are_lost_is_looked_at_again(world: World, debited: bool) -> None:
    outside = Outside().use()
    given = returning(world)
    record(refunded(refund(world), PENDING, debited=debited))
    outside.gateway.refunds[refund(world).ref] = refunded(refund(world))
    later(1)
    world.sweep("funding.sweep_refunds")
    assert standing(world, given) == ("done", "closed", {})


def test_a_refund_that_came_back_is_found_without_its_webhook(world: World) -> None:
    outside = Outside().use()
    given = returning(world)
    world.drain("funding.")
    assert standing(world, given) == ("done", "closed", {})
    key = refund(world).ref
    outside.gateway.refunds[key] = replace(outside.gateway.refunds[key], status=FAILED, failure="txn_back")
    later(20)
    world.sweep("funding.sweep_done_refunds")
    world.drain("funding.look_again")
    assert standing(world, given) == ("failed", "held", {"unclaimed_refund": 5275})
    assert_books_are_right()


def test_an_old_refund_is_not_looked_at_any_more(world: World) -> None:
    outside = Outside().use()
    returning(world)
    world.drain("funding.")
    later(31)
    world.sweep("funding.sweep_done_refunds")
    world.drain("funding.look_again")
    assert outside.gateway.keys("read_refund") == []
