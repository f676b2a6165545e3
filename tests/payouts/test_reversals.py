"""What was sent of an undone release is taken back: asked once, recorded once, tried again, and given up at last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Reversal, Transfer, WaitReason
from bountyhub.payouts.operations.undoing import begin_reversal
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.work import operations as work
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.undoing import confirm, propose, released, undo
from tests.builders.world import CLEO, DARA, EVE, World, assert_books_are_right, later, merged, owed_shares

HELD = {"escrow": 5000, "fee_held": 275}
EMPTY = OutsideRefused("nothing there", "balance_insufficient")


def paid_out(world: World, *amounts: int) -> Outside:
    """Bo was released what Cleo (and Dara) paid, and it reached his account."""
    outside = Outside()
    released(world, *amounts)
    outside.use()
    world.drain("payouts.", "work.")
    assert {str(transfer.state) for transfer in world.rows(Transfer)} == {"confirmed"}
    return outside


def balances(world: World, id: int = 1) -> dict[str, int]:
    return {kind: amount for kind, amount in world.balances(world.contribution(id)).items() if amount}


def work_on(world: World) -> None:
    world.drain("payouts.", "work.", "funding.")


def next_day(world: World, days: int = 1) -> None:
    later(days)
    world.sweep("payouts.sweep_reversals")
    work_on(world)


def states(world: World) -> list[tuple[str, str]]:
    return [(str(row.state), row.why) for row in world.rows(Reversal)]


@pytest.mark.usefixtures("database")
def test_what_was_sent_is_taken_back_and_held_again() -> None:
    world = World.begin()
    outside = paid_out(world, 5000, 2500)
    undo(world)
    assert (balances(world), str(world.contribution(1).state)) == ({}, "closed")
    assert world.step().text == "The release was undone: 75 € from @bo are being taken back."
    work_on(world)
    assert (balances(world), balances(world, 2)) == (HELD, {"escrow": 2500, "fee_held": 150})
    assert (states(world), {state for _, state in owed_shares(world)}) == ([("done", "")] * 2, {"returned"})
    assert {str(world.contribution(id).state) for id in (1, 2)} == {"held"}
    assert world.step().text == "The first merged pull request that closes #12 is paid 75 €."
    for _ in range(2):
        next_day(world)
    assert len(outside.gateway.keys("reverse_transfer")) == 2
    assert_books_are_right()


def test_a_kill_between_call_and_outcome_takes_it_back_once(world: World) -> None:
    outside = paid_out(world)
    undo(world)
    outside.gateway.fail["reverse_transfer"] = [OutsideUnavailable("the answer was lost")]
    world.drain("payouts.reverse")
    assert states(world) == [("asked", "")]
    [row] = world.rows(Reversal)
    transfer = world.rows(Transfer)[0]
    with transaction() as session:
        asking = begin_reversal(session, row.id)
    assert asking is not None
    outside.gateway.reverse_transfer(asking.order, asking.order.reference)
    next_day(world, 0)
    assert (states(world), balances(world)) == ([("done", "")], HELD)
    assert set(outside.gateway.keys("reverse_transfer")) == {row.ref}
    assert outside.gateway.transfers[transfer.ref].reversed == 5000


def test_a_webhook_that_comes_first_leaves_nothing_to_record(world: World) -> None:
    outside = paid_out(world)
    undo(world)
    [row], [transfer] = world.rows(Reversal), world.rows(Transfer)
    with transaction() as session:
        asking = begin_reversal(session, row.id)
    assert asking is not None
    said = outside.gateway.reverse_transfer(asking.order, asking.order.reference)
    for _ in range(3):
        with transaction() as session:
            payouts.record_transfer(session, said)
        work_on(world)
    assert (states(world), balances(world)) == ([("done", "")], HELD)
    assert world.rows(Transfer)[0].reversed == transfer.amount
    assert_books_are_right()


def test_after_a_day_it_is_looked_up_before_it_is_asked_again(world: World) -> None:
    outside = paid_out(world)
    undo(world)
    outside.gateway.fail["reverse_transfer"] = [OutsideUnavailable("the answer was lost")]
    world.drain("payouts.reverse")
    [row] = world.rows(Reversal)
    with transaction() as session:
        asking = begin_reversal(session, row.id)
        session.execute(update(Reversal).values(called_at=clock.real_now() - timedelta(hours=24)))
    assert asking is not None
    outside.gateway.reverse_transfer(asking.order, asking.order.reference)
    asked = len(outside.gateway.keys("reverse_transfer"))
    next_day(world, 0)
    assert outside.gateway.keys("find_reversal") == [row.ref]
    assert (len(outside.gateway.keys("reverse_transfer")), balances(world)) == (asked, HELD)


def test_an_empty_account_is_asked_again_each_day(world: World) -> None:
    outside = paid_out(world)
    outside.gateway.fail["reverse_transfer"] = [EMPTY, EMPTY]
    undo(world)
    work_on(world)
    work_on(world)
    assert states(world) == [("waiting", "balance_insufficient")]
    assert (owed_shares(world), balances(world)) == ([(5000, "paid")], {})
    assert world.step().text == "The release was undone: 50 € from @bo are being taken back."
    next_day(world)
    next_day(world)
    assert (states(world)[0][0], balances(world)) == ("done", HELD)
    [row] = world.rows(Reversal)
    assert outside.gateway.keys("reverse_transfer") == [row.ref, f"{row.ref}-2", f"{row.ref}-3"]
    assert world.actions("share").count("reversal_waits") == 1


def test_at_last_it_stays_with_its_payee_and_the_rest_is_held(world: World) -> None:
    outside = paid_out(world, 5000, 2500)
    undo(world)
    outside.gateway.fail["reverse_transfer"] = [EMPTY] * 200
    work_on(world)
    next_day(world, 79)
    assert [state for state, _ in states(world)] == ["given_up"] * 2
    assert (owed_shares(world), balances(world), balances(world, 2)) == ([(7500, "paid")], {}, {})
    assert world.actions("share").count("reversal_given_up") == 2
    assert world.step().text == "Nobody has funded this yet: the first contribution starts it."
    next_day(world)
    assert len(outside.gateway.keys("reverse_transfer")) == 4
    assert_books_are_right()


def test_a_part_that_came_back_is_all_that_is_held(world: World) -> None:
    outside = paid_out(world, 5000, 2500)
    undo(world)
    outside.gateway.fail["reverse_transfer"] = [EMPTY]
    work_on(world)
    assert (balances(world), balances(world, 2)) == ({}, {"escrow": 2500, "fee_held": 150})
    assert owed_shares(world) == [(5000, "paid")]
    assert world.step().text == "The first merged pull request that closes #12 is paid 25 €."
    assert_books_are_right()


def test_what_came_back_otherwise_is_seen_where_it_is_refused(world: World) -> None:
    outside = paid_out(world)
    undo(world)
    [row] = world.rows(Reversal)
    with transaction() as session:
        asking = begin_reversal(session, row.id)
    assert asking is not None
    outside.gateway.reverse_transfer(asking.order, "by-hand")
    outside.gateway.fail["reverse_transfer"] = [OutsideRefused("fully reversed", "transfer_already_reversed")]
    work_on(world)
    assert (states(world), balances(world)) == ([("done", "")], HELD)


def test_an_account_that_is_gone_is_waited_for(world: World) -> None:
    outside = paid_out(world)
    outside.gateway.fail["reverse_transfer"] = [OutsideGone("no such account")]
    undo(world)
    work_on(world)
    assert states(world) == [("waiting", "gone")]


def test_a_transfer_on_the_wire_is_taken_back_once_it_arrived(world: World) -> None:
    released(world)
    outside = Outside().use()
    outside.gateway.fail["create_transfer"] = [OutsideUnavailable("no answer")]
    world.drain("payouts.send")
    undo(world)
    assert [str(transfer.state) for transfer in world.rows(Transfer)] == ["sent"]
    work_on(world)
    assert (states(world), outside.gateway.keys("reverse_transfer")) == ([("planned", "")], [])
    with transaction() as session:
        asking = payouts.begin_transfer(session, 1)
    assert asking is not None
    said = outside.gateway.create_transfer(asking.order, asking.order.reference)
    with transaction() as session:
        payouts.record_transfer(session, said)
    work_on(world)
    assert (states(world), balances(world)) == ([("done", "")], HELD)
    assert_books_are_right()


def test_a_transfer_on_the_wire_that_is_refused_is_sent_no_more(world: World) -> None:
    released(world)
    outside = Outside().use()
    outside.gateway.fail["create_transfer"] = [OutsideUnavailable("no answer")]
    world.drain("payouts.send")
    undo(world)
    with transaction() as session:
        payouts.refuse_transfer(session, 1, WaitReason.FUNDS)
    work_on(world)
    world.sweep("payouts.sweep_transfers")
    work_on(world)
    assert (world.rows(Transfer), world.rows(Reversal), balances(world)) == ([], [], HELD)
    assert (owed_shares(world), outside.gateway.transfers) == ([(5000, "returned")], {})
    assert_books_are_right()


def test_undone_while_it_is_being_sent(postgresql: str) -> None:
    world = released(World.begin())
    row = propose(world)
    outside = Outside().use()
    eve = world.actor(EVE)
    at_once(
        lambda session: work.confirm_undo(session, row.id, eve),
        lambda session: payouts.begin_transfer(session, 1) if session.get(Transfer, 1) else None,
    )
    with transaction() as session:
        asking = payouts.begin_transfer(session, 1) if session.get(Transfer, 1) else None
    if asking is not None:
        said = outside.gateway.create_transfer(asking.order, asking.order.reference)
        with transaction() as session:
            payouts.record_transfer(session, said)
    work_on(world)
    assert (balances(world), owed_shares(world)) == (HELD, [(5000, "returned")])
    assert_books_are_right()


def test_what_came_back_may_be_withdrawn(world: World) -> None:
    paid_out(world)
    confirm(world, propose(world))
    work_on(world)
    with transaction() as session:
        work.withdraw(session, 1, world.actor(CLEO))
    assert world.send_refunds() == 5275
    assert str(world.contribution(1).state) == "closed"


def test_what_comes_back_after_the_task_ended_goes_to_its_backer(world: World) -> None:
    outside = paid_out(world, 5000, 2500)
    outside.gateway.fail["reverse_transfer"] = [EMPTY]
    undo(world)
    work_on(world)
    with transaction() as session:
        work.cancel_task(session, world.task_id, OPERATOR, world.permission(EVE), "Over.")
    assert world.step().text == "The release was undone: 50 € from @bo are being taken back."
    next_day(world)
    assert sorted(refund.amount.amount for refund in outside.gateway.refunds.values()) == [2650, 5275]
    assert {str(world.contribution(id).state) for id in (1, 2)} == {"closed"}
    assert_books_are_right()


def test_what_comes_back_after_another_was_paid_goes_to_its_backer(world: World) -> None:
    outside = paid_out(world, 5000, 2500)
    outside.gateway.fail["reverse_transfer"] = [EMPTY]
    undo(world)
    work_on(world)
    world.connect(DARA)
    world.record(merged(world.linked(41, DARA)))
    work_on(world)
    next_day(world)
    assert [refund.amount.amount for refund in outside.gateway.refunds.values()] == [5275]
    assert owed_shares(world) == [(5000, "returned"), (2500, "paid")]
    assert_books_are_right()
