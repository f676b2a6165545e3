"""Promises when the work is accepted: charged once, whatever is told twice, cut off, or at once; or lapsed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.funding.models import Promise, PromiseState
from bountyhub.funding.operations.promises import withdraw_promise
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.operations import CLOCK
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.work import operations as work
from bountyhub.work.operations.promises import record_promise_charge
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.promising import accept, became, given, now
from tests.builders.world import (
    ANA,
    BO,
    DARA,
    World,
    assert_books_are_right,
    closing,
    later,
    merged,
    owed_shares,
    pull,
)

JOBS = ("work.charge", "funding.forget_card")


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


def withdraw(row: Promise) -> Promise:
    with transaction() as session:
        return withdraw_promise(session, row.ref, CLOCK)


def test_accepted_work_charges_and_releases_what_was_promised(database: str) -> None:
    world, outside = World.begin(), Outside().use()
    world.pay(2500, DARA)
    row = given(world)
    accept(world)
    assert (owed_shares(world), world.read_task().state) == ([(2500, "kept")], "merged")
    world.drain(*JOBS)
    contribution, payment = became(row)
    assert (now(row).state, contribution.state, payment.state) == ("charged", "held", "captured")
    assert owed_shares(world) == [(2500, "kept"), (5000, "kept")]
    assert world.balances(contribution)["kept_for"] == 5000
    assert outside.gateway.keys("charge_card") == [payment.ref]
    assert outside.gateway.forgotten == [f"pm_{row.ref}"]
    assert (contribution.person_id, contribution.terms_version) == (row.person_id, row.mandate_version)
    assert_books_are_right()


def test_a_task_with_promises_alone_completes_when_they_are_charged(world: World, outside: Outside) -> None:
    world.connect(BO)
    given(world)
    accept(world)
    assert world.read_task().state == "merged"
    world.drain(*JOBS)
    assert world.read_task().state == "completed"


def test_the_charge_is_asked_for_once_however_often_its_job_runs(world: World, outside: Outside) -> None:
    row = given(world)
    accept(world)
    outside.gateway.fail["charge_card"] = [OutsideUnavailable("lost"), OutsideUnavailable("lost")]
    for _ in range(3):
        world.drain(*JOBS)
        with transaction() as session:
            for job in world.rows_of_jobs("work.charge_promise"):
                session.merge(job).run_at = clock.real_now()
    _, payment = became(row)
    assert outside.gateway.keys("charge_card") == [payment.ref] * 3
    assert owed_shares(world) == [(5000, "kept")]


def test_after_a_day_a_charge_is_looked_for_before_it_is_asked_again(
    world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = given(world)
    accept(world)
    outside.gateway.fail["charge_card"] = [OutsideUnavailable("lost")]
    world.drain(*JOBS)
    _, payment = became(row)
    outside.gateway.authenticated(payment.ref, row.total)
    with transaction() as session:
        session.get_one(Promise, row.id).called_at = clock.real_now() - timedelta(hours=25)
        for job in world.rows_of_jobs("work.charge_promise"):
            session.merge(job).run_at = clock.real_now()
    world.drain(*JOBS)
    assert outside.gateway.keys("charge_card") == [payment.ref]
    assert (now(row).state, owed_shares(world)) == ("charged", [(5000, "kept")])


def test_webhook_and_job_tell_of_one_charge(database: str) -> None:
    world, outside = World.begin(), Outside().use()
    row = given(world)
    accept(world)
    outside.gateway.fail["charge_card"] = [OutsideUnavailable("lost")]
    world.drain(*JOBS)
    _, payment = became(row)
    told = outside.gateway.authenticated(payment.ref, row.total)
    for _ in range(2):
        with transaction() as session:
            record_promise_charge(session, payment.ref, told)
    assert (now(row).state, owed_shares(world)) == ("charged", [(5000, "kept")])
    assert_books_are_right()


def test_two_tellings_at_once_book_one_charge(postgresql: str) -> None:
    world, outside = World.begin(), Outside().use()
    row = given(world)
    accept(world)
    outside.gateway.fail["charge_card"] = [OutsideUnavailable("lost")]
    world.drain(*JOBS)
    _, payment = became(row)
    told = outside.gateway.authenticated(payment.ref, row.total)
    at_once(*[lambda session: record_promise_charge(session, payment.ref, told)] * 2)
    assert owed_shares(world) == [(5000, "kept")]
    assert_books_are_right()


def test_withdrawing_and_merging_at_once_end_in_one_of_the_two(postgresql: str) -> None:
    world, outside = World.begin(), Outside().use()
    row = given(world)
    world.linked()
    at_once(
        lambda session: withdraw_promise(session, row.ref, CLOCK),
        lambda session: work.record_pull_request(session, merged(pull(40, body=closing(12))), world.permissions),
    )
    world.drain(*JOBS)
    charged = now(row).state is PromiseState.CHARGED
    assert charged or now(row).state is PromiseState.WITHDRAWN
    assert owed_shares(world) == ([(5000, "kept")] if charged else [])
    assert bool(outside.gateway.keys("charge_card")) is charged
    assert_books_are_right()


def test_a_window_charges_only_at_its_quiet_end(world: World, outside: Outside) -> None:
    row = given(world)
    world.linked(40, ANA)
    world.record(merged(pull(40, author=ANA, body=closing(12)), by=ANA))
    assert (world.claim().state, now(row).state) == ("window", "given")
    later(8)
    with transaction() as session:
        work.end_window(session, world.claim().id)
    world.drain(*JOBS)
    assert (now(row).state, owed_shares(world)) == ("charged", [(5000, "kept")])


def test_a_promise_can_be_withdrawn_while_a_window_runs(world: World, outside: Outside) -> None:
    row = given(world)
    world.linked(40, ANA)
    world.record(merged(pull(40, author=ANA, body=closing(12)), by=ANA))
    assert withdraw(row).state == "withdrawn"


def test_a_cancelled_task_charges_nothing(world: World, outside: Outside) -> None:
    row = given(world)
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), world.permission(ANA), "Not wanted.")
    world.drain(*JOBS)
    assert (now(row).state, now(row).lapse_reason) == ("lapsed", "task_over")
    assert outside.gateway.keys("charge_card") == []


def test_a_promise_lapses_after_its_days(world: World, outside: Outside) -> None:
    row = given(world)
    later(179)
    world.sweep("funding.sweep_promises")
    assert now(row).state == "given"
    later(2)
    world.sweep("funding.sweep_promises")
    world.drain(*JOBS)
    assert (now(row).state, now(row).lapse_reason, now(row).card) == ("lapsed", "too_old", None)
