"""Transfers: intent, call, outcome; fresh money; refusals; the processor's forgotten keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer, WaitReason
from bountyhub.payouts.rules import retry_in
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.ports.payments import TransferResult
from tests.builders.outside import Outside
from tests.builders.world import (
    BO,
    DARA,
    World,
    account,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    transferred,
)


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


def deliver(world: World) -> World:
    """Bo, who can be paid, delivered a task of 50 + 25."""
    world.pay(5000)
    world.pay(2500, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    return world


def transfers(world: World) -> list[Transfer]:
    rows: list[Transfer] = world.rows(Transfer)
    return rows


def waits(world: World) -> list[tuple[str, str | None]]:
    return [(str(t.state), str(t.wait_reason) if t.wait_reason else None) for t in transfers(world)]


def run(world: World) -> None:
    """The outbox's delay, or the waiting, is over."""
    with transaction() as session:
        for one in transfers(world):
            outbox.add(session, "payouts.send_transfer", transfer=one.id)
    world.drain("payouts.", "work.")


@pytest.mark.usefixtures("database")
def test_each_contribution_is_transferred_from_its_own_charge_once(outside: Outside) -> None:
    world = deliver(World.begin())
    world.drain("payouts.", "work.")
    run(world)
    refs = [one.ref for one in transfers(world)]
    assert outside.gateway.keys("create_transfer") == refs
    assert [t.amount.amount for t in outside.gateway.transfers.values()] == [5000, 2500]
    assert (owed_shares(world), world.read_task().state) == ([(7500, "paid")], "completed")
    assert len(world.jobs("notify.share_paid")) == 1
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_a_refused_transfer_waits_and_is_asked_again_under_a_new_key(outside: Outside) -> None:
    world = deliver(World.begin())
    outside.gateway.fail["create_transfer"] = [OutsideRefused("no", "account_restricted")]
    world.drain("payouts.")
    first, second = transfers(world)
    assert waits(world) == [("waiting", "account"), ("confirmed", None)]
    assert owed_shares(world) == [(7500, "payable")]
    run(world)
    assert outside.gateway.keys("create_transfer") == [first.ref, second.ref, f"{first.ref}-2"]
    assert owed_shares(world) == [(7500, "paid")]
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_an_account_that_is_gone_gives_the_money_back_to_whom_it_is_kept_for(outside: Outside) -> None:
    world = deliver(World.begin())
    outside.gateway.fail["create_transfer"] = [OutsideGone("HTTP 403 code=account_invalid")] * 2
    world.drain("payouts.")
    assert (waits(world), owed_shares(world)) == ([("waiting", "account")] * 2, [(7500, "payable")])
    later(14.1)
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(7500, "kept")]
    assert_books_are_right()


def test_a_look_that_is_refused_does_not_ask_for_a_second_transfer(world: World, outside: Outside) -> None:
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideUnavailable("timed out")] * 2
    world.drain("payouts.")
    with transaction() as session:
        for one in transfers(world):
            session.get_one(Transfer, one.id).called_at = clock.real_now() - timedelta(hours=25)
    outside.gateway.fail["find_transfer"] = [OutsideRefused("no", "more_permissions_required")] * 2
    run(world)
    assert {state for state, _ in waits(world)} == {"sent"}
    run(world)
    assert set(outside.gateway.keys("create_transfer")) == {one.ref for one in transfers(world)}
    assert owed_shares(world) == [(7500, "paid")]


def test_the_job_of_a_transfer_that_was_dropped_is_over(world: World, outside: Outside) -> None:
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideRefused("no", "account_restricted")] * 2
    world.drain("payouts.")
    later(14.1)
    world.sweep("payouts.sweep_unsendable")
    with transaction() as session:
        outbox.add(session, "payouts.send_transfer", transfer=1)
    assert world.drain("payouts.send_transfer") == 1
    assert [row.last_error for row in world.rows(OutboxJob) if row.finished_at and row.args == {"transfer": 1}][
        -1
    ] is None


def test_what_is_refused_again_and_again_is_tried_ever_more_rarely(world: World, outside: Outside) -> None:
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideRefused("no", "account_restricted")] * 4
    world.drain("payouts.")
    world.sweep("payouts.sweep_transfers")
    assert world.drain("payouts.") == 0
    assert len(world.jobs("payouts.send_transfer")) == 2
    assert [retry_in(attempt).total_seconds() for attempt in (1, 2, 9)] == [30, 60, 3600]


def test_money_that_has_not_arrived_at_the_processor_waits_for_it(world: World, outside: Outside) -> None:
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideRefused("no", "balance_insufficient")] * 2
    world.drain("payouts.")
    assert waits(world) == [("waiting", "funds")] * 2
    assert "wait until the card money has arrived" in world.step().text
    run(world)
    assert owed_shares(world) == [(7500, "paid")]


def test_an_unknown_outcome_is_asked_for_again_under_the_same_key(world: World, outside: Outside) -> None:
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideUnavailable("timed out")] * 2
    world.drain("payouts.")
    assert {state for state, _ in waits(world)} == {"sent"}
    run(world)
    refs = [one.ref for one in transfers(world)]
    assert outside.gateway.keys("create_transfer") == refs * 2
    assert owed_shares(world) == [(7500, "paid")]


def test_after_a_day_it_is_looked_up_before_it_is_asked_again(world: World, outside: Outside) -> None:
    deliver(world)
    outside.gateway.fail["create_transfer"] = [OutsideUnavailable("timed out")] * 2
    world.drain("payouts.")
    with transaction() as session:
        for one in transfers(world):
            session.get_one(Transfer, one.id).called_at = clock.real_now() - timedelta(hours=25)
    done = transfers(world)[0]
    outside.gateway.transfers[done.ref] = transferred(done.ref, done)
    outside.gateway.calls.clear()
    run(world)
    first, second = (one.ref for one in transfers(world))
    assert outside.gateway.calls == [
        ("find_transfer", first), ("find_transfer", second), ("create_transfer", second),
    ]  # fmt: skip
    assert owed_shares(world) == [(7500, "paid")]


def test_fresh_money_leaves_on_its_day(sqlite: str, outside: Outside) -> None:
    world = deliver(World.begin(FRESH_DAYS=7))
    world.drain("payouts.")
    assert (waits(world), outside.gateway.calls) == ([("waiting", "fresh")] * 2, [])
    assert "75 € leave for @bo on" in world.step().text
    later(6.9)
    world.sweep("payouts.sweep_transfers")
    assert world.jobs("payouts.send_transfer") == []
    later(0.2)
    world.sweep("payouts.sweep_transfers")
    world.drain("payouts.")
    assert owed_shares(world) == [(7500, "paid")]


def test_a_payee_who_was_restricted_meanwhile_is_not_asked_for(world: World, outside: Outside) -> None:
    deliver(world)
    with transaction() as session:
        payouts.record_account(session, account("acct_bo", can_receive=False, submitted=True))
    world.drain("payouts.")
    assert (waits(world), outside.gateway.calls) == ([("waiting", "account")] * 2, [])
    assert "wait for @bo’s payout account" in world.step().text


def test_transfers_that_wait_for_an_account_do_not_keep_others_from_being_tried(world: World, outside: Outside) -> None:
    deliver(world)
    with transaction() as session:
        payouts.record_account(session, account("acct_bo", can_receive=False, submitted=True))
    world.drain("payouts.")
    world.sweep("payouts.sweep_transfers")
    assert world.jobs("payouts.send_transfer") == []
    with transaction() as session:
        payouts.record_account(session, account("acct_bo", submitted=True))
    world.drain("payouts.")
    assert owed_shares(world) == [(7500, "paid")]


def test_a_transfer_confirmed_twice_is_booked_once(world: World, outside: Outside) -> None:
    deliver(world)
    world.drain("payouts.")
    for one in transfers(world):
        with transaction() as session:
            payouts.record_transfer(session, transferred(one.ref, one))
    assert_books_are_right()


def test_a_late_refusal_of_something_confirmed_changes_nothing(world: World, outside: Outside) -> None:
    deliver(world)
    world.drain("payouts.")
    with transaction() as session:
        payouts.refuse_transfer(session, transfers(world)[0].id, WaitReason.ACCOUNT)
    assert waits(world) == [("confirmed", None)] * 2


def test_the_refusal_of_an_earlier_asking_does_not_take_back_the_one_on_the_wire(world: World) -> None:
    deliver(world)
    ref = transfers(world)[0].ref
    for reference in (ref, ref):  # two runners asked under the first key; the second is slow to hear of it
        with transaction() as session:
            payouts.begin_transfer(session, 1)
        with transaction() as session:
            payouts.refuse_transfer(session, 1, WaitReason.ACCOUNT, reference)
    assert waits(world)[0] == ("sent", None)


def test_a_foreign_transfer_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), transaction() as session:
        money = Money(1, "EUR")
        payouts.record_transfer(session, TransferResult("tr_1", "nobody", money, "txn_1", 0, clock.now()))


def test_accounts_whose_webhook_was_lost_are_looked_at_again(world: World, outside: Outside) -> None:
    world.pay()
    world.record(merged(world.linked()))
    world.connect(BO, can_receive=False)
    outside.payee_changes("acct_bo", can_receive=True)
    world.sweep("payouts.sweep_payees")
    assert owed_shares(world) == [(5000, "payable")]
