"""A release undone by two operators: who may, until when, and what becomes of task, shares and money."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.funding.models import Contribution, Paper, Refund
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import release as booking
from bountyhub.payouts.models import Reversal, Share, ShareState, Transfer
from bountyhub.payouts.operations import Owed, owe_share
from bountyhub.people.models import Identity
from bountyhub.tasks.models import EndsReason, Task
from bountyhub.work import operations as work
from bountyhub.work.operations.money import way_of
from tests.builders.outside import Outside
from tests.builders.undoing import released, undo
from tests.builders.world import (
    BO,
    CLEO,
    DARA,
    World,
    assert_books_are_right,
    issue,
    later,
    merged,
    owed_shares,
    pull,
)


def balances(world: World, id: int = 1) -> dict[str, int]:
    return {kind: amount for kind, amount in world.balances(world.contribution(id)).items() if amount}


def work_on(world: World) -> None:
    world.drain("payouts.", "work.", "funding.")


def hold_back(amount: int) -> None:
    """So much of the first contribution's release is held back after all, as a share of its own."""
    by: dict[str, Any] = {"effective_at": clock.now(), "actor": "clock"}
    with transaction() as session:
        row, share = session.get_one(Contribution, 1), session.get_one(Share, 1)
        task, payee = session.get_one(Task, share.task_id), session.get_one(Identity, share.identity_id)
        back = owe_share(
            session, task=task, claim_id=share.claim_id, payee=payee, payable=False, pieces=[Owed(row, amount)]
        )
        back.state, share.amount = ShareState.HELD_BACK, share.amount - amount
        session.get_one(Transfer, 1).amount -= amount
        moved = booking.Piece(share.ref, row.ref, amount)
        booking.undone(session, key="moved", pieces=[moved], terms=[terms(row)], **by)
        held = booking.Piece(back.ref, row.ref, amount, "holdback")
        booking.released(session, key="held back", pieces=[held], terms=[terms(row)], **by)


@pytest.mark.usefixtures("database")
def test_what_was_not_transferred_is_held_again_at_once() -> None:
    world = released(World.begin(), 5000, 2500)
    assert str(world.read_task().state) == "completed"
    undo(world)
    assert [balances(world, id) for id in (1, 2)] == [
        {"escrow": 5000, "fee_held": 275},
        {"escrow": 2500, "fee_held": 150},
    ]
    assert (str(world.claim().state), owed_shares(world)) == ("undone", [(7500, "returned")])
    assert (world.rows(Transfer), world.rows(Reversal), str(world.read_task().state)) == ([], [], "open")
    assert world.step().text == "The first merged pull request that closes #12 is paid 75 €."
    work_on(world)
    assert balances(world) == {"escrow": 5000, "fee_held": 275}
    assert_books_are_right()


def test_statements_that_were_issued_are_taken_back(world: World) -> None:
    undo(released(world, 5000, 2500))
    kinds = [str(paper.kind) for paper in world.rows(Paper)]
    assert (kinds.count("statement"), kinds.count("correction")) == (2, 2)


def test_a_kept_share_is_held_for_the_task_again(world: World) -> None:
    undo(released(world, connected=False))
    assert (balances(world), owed_shares(world)) == ({"escrow": 5000, "fee_held": 275}, [(5000, "returned")])
    world.connect(BO)
    work_on(world)
    assert balances(world) == {"escrow": 5000, "fee_held": 275}
    assert_books_are_right()


def test_the_same_pull_request_cannot_win_again_and_another_can(world: World) -> None:
    undo(released(world))
    world.record(merged(pull(40)))
    assert str(world.claim().state) == "undone"
    world.connect(DARA)
    world.record(merged(world.linked(41, DARA)))
    assert [str(share.state) for share in world.rows(Share)] == ["returned", "payable"]
    assert balances(world) == {"payable": 5000}
    world.send_transfers()
    assert world.step().text.startswith("Paid 50 € to @dara")
    assert_books_are_right()


def test_who_lost_to_it_stands_again(world: World) -> None:
    Outside().use()
    world.pay(5000)
    world.connect(BO)
    first, second = world.linked(40), world.linked(41, DARA)
    world.record(merged(first), merged(second))
    undo(world)
    assert [job["number"] for job in world.jobs("forge.read_pull")] == [41]
    world.record(merged(second))
    assert (str(world.claim(40).state), str(world.claim(41).state)) == ("undone", "late")


def test_its_backer_may_take_it_back(world: World) -> None:
    undo(released(world))
    with transaction() as session:
        work.withdraw(session, 1, world.actor(CLEO))
    assert [refund.total for refund in world.rows(Refund)] == [5275]
    assert_books_are_right()


def test_at_its_leave_by_it_goes_back(world: World) -> None:
    undo(released(world))
    later(86)
    world.sweep("work.sweep_lives")
    assert world.send_refunds() == 5275
    assert str(world.contribution(1).state) == "closed"


def test_a_closed_issue_gives_the_task_fourteen_days(world: World) -> None:
    released(world)
    world.record_issue(issue(12, is_open=False))
    undo(world)
    task = world.read_task()
    assert (str(task.state), task.ends_reason) == ("open", EndsReason.ISSUE_CLOSED)
    assert world.step().text.startswith("If no pull request is merged by")
    later(15)
    with transaction() as session:
        work.end_due(session, task.id)
    assert world.send_refunds() == 5275
    assert_books_are_right()


def test_a_gone_issue_sends_it_back_at_once(world: World) -> None:
    released(world)
    with transaction() as session:
        task = session.get_one(Task, world.task_id)
        task.issue_exists = False
    undo(world)
    assert (str(world.read_task().state), world.send_refunds()) == ("cancelled", 5275)
    assert_books_are_right()


def test_where_the_next_round_lives_it_goes_back_to_its_backers(world: World) -> None:
    released(world)
    assert world.task(12) != world.task_id
    undo(world)
    assert (str(world.read_task().state), [r.reason for r in world.rows(Refund)]) == ("completed", ["release_undone"])
    assert world.step().text == "The release was undone: the money went back to its backers."
    assert world.send_refunds() == 5275
    assert_books_are_right()


def test_objections_that_stood_are_over(world: World) -> None:
    Outside().use()
    world.pay(2000, CLEO)
    world.pay(8000, DARA)
    world.connect(BO)
    world.record(merged(world.linked(), by=BO))
    with transaction() as session:
        work.object_to_claim(session, world.claim().id, world.actor(CLEO), world.permission(CLEO), "Not done.")
    later(8)
    world.sweep("work.sweep_windows")
    assert (str(world.claim().state), balances(world)["escrow"]) == ("released", 2000)
    undo(world)
    later(20)
    world.sweep("work.sweep_objections")
    assert [balances(world, id)["escrow"] for id in (1, 2)] == [2000, 8000]
    with reading() as session:
        assert str(way_of(session, world.read_task(), world.contribution(1))) != "not_now"
    assert_books_are_right()


def test_what_is_held_back_for_a_warranty_comes_home_too(world: World) -> None:
    released(world, 5000)
    hold_back(1000)
    undo(world)
    assert balances(world) == {"escrow": 5000, "fee_held": 275}
    assert owed_shares(world) == [(4000, "returned"), (1000, "returned")]
    assert_books_are_right()
