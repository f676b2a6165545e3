"""Races with their winners: two real threads on PostgreSQL, whoever commits first."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from bountyhub.events.models import AuditEvent
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Payee, Transfer
from bountyhub.people.models import Person
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import Permission
from bountyhub.projects.queries import repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task, lock_task
from bountyhub.work import operations as work
from bountyhub.work.models import Claim, Objection
from bountyhub.work.operations import commands
from tests.builders.at_once import Work, at_once
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    EVE,
    World,
    account,
    assert_books_are_right,
    issue,
    later,
    merged,
    owed_shares,
    paid,
    pull,
    refunded,
    transferred,
)


@pytest.fixture
def world(postgresql: str) -> World:
    return World.begin()


def conserved(world: World, given: Contribution) -> None:
    """Every cent of it is on its way back or released, exactly once."""
    back = sum(refund.total for refund in world.rows(Refund) if refund.contribution_id == given.id)
    shares = sum(amount for amount, state in owed_shares(world) if state != "returned")
    assert (back, shares) in ((5275, 0), (0, 5000))
    assert_books_are_right()


@pytest.mark.parametrize("order", [0, 1])
def test_a_withdrawal_and_a_merge(world: World, order: int) -> None:
    given = world.pay(5000)
    world.connect(BO)
    done = merged(world.linked())
    works: list[Work] = [
        lambda s: work.withdraw(s, given.id, world.actor(CLEO)),
        lambda s: work.record_pull_request(s, done, world.permissions),
    ]
    at_once(*(works if order else works[::-1]))
    conserved(world, given)
    assert world.read_task().state == "completed"


def test_a_life_that_ends_and_a_merge(world: World) -> None:
    given = world.pay(5000)
    world.connect(BO)
    opened = world.linked()
    later(86)
    done = merged(opened)
    at_once(lambda s: work.end_life(s, given.id), lambda s: work.record_pull_request(s, done, world.permissions))
    conserved(world, given)
    assert world.read_task().state == "completed"


def test_a_cancel_and_a_captured_payment(world: World) -> None:
    ref = world.order(5000)
    checkout = paid(ref, Money(5275, "EUR"))
    at_once(
        lambda s: work.cancel_task(s, world.task_id, world.actor(ANA), Permission.ADMIN, "No."),
        lambda s: funding.record_checkout(s, ref, checkout),
    )
    assert [refund.total for refund in world.rows(Refund)] == [5275]
    assert world.read_task().state == "cancelled"
    assert_books_are_right()


def test_two_operators_who_settle_at_once(world: World) -> None:
    world.pay(5000)
    world.connect(BO)
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    with transaction() as session:
        work.object_to_claim(session, 1, world.actor(EVE), Permission.MAINTAIN, "No.")
    results = at_once(
        lambda s: work.settle_claim(s, 1, OPERATOR, Permission.NONE, accept=True, reason="Yes."),
        lambda s: work.settle_claim(s, 1, OPERATOR, Permission.NONE, accept=False, reason="No."),
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    accepted = isinstance(results[0], Claim)
    assert owed_shares(world) == ([(5000, "payable")] if accepted else [])
    assert world.claim().state == ("released" if accepted else "refused")
    assert_books_are_right()


def test_a_claim_that_waited_for_a_task_which_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.pay()
    cancelled = threading.Event()

    def late(session: Session, task_id: int) -> Task:
        assert cancelled.wait(5)
        return lock_task(session, task_id)

    def claim(session: Session) -> Claim:
        here = repository(session, world.repository_id)
        return commands.claim_by_author(session, world.actor(BO), here, pull(40, closes=()), 12)

    def cancel(session: Session) -> None:
        work.cancel_task(session, world.task_id, world.actor(ANA), Permission.ADMIN, "No.")
        session.commit()
        cancelled.set()

    monkeypatch.setattr(commands, "lock_task", late)
    refused, _ = at_once(claim, cancel)
    assert (str(refused), world.rows(Claim)) == ("There is no open task for #12.", [])


def test_a_kept_share_that_lapses_and_its_payee_who_connects(world: World) -> None:
    given = world.pay(5000)
    world.record(merged(world.linked()))
    world.connect(BO, can_receive=False)
    later(86)
    said = account("acct_bo", submitted=True)
    at_once(lambda s: work.end_life(s, given.id), lambda s: payouts.record_account(s, said))
    assert owed_shares(world)[0][1] in ("payable", "returned")
    conserved(world, given)


def test_a_release_and_its_payee_who_connects(world: World) -> None:
    world.pay(5000)
    world.connect(BO, can_receive=False)
    done = merged(world.linked())
    said = account("acct_bo", submitted=True)
    at_once(lambda s: payouts.record_account(s, said), lambda s: work.record_pull_request(s, done, world.permissions))
    world.sweep("payouts.sweep_kept")
    assert owed_shares(world) == [(5000, "payable")]
    assert_books_are_right()


def test_an_objection_and_the_windows_end(world: World) -> None:
    world.pay(5000)
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    later(6.99999)

    def end(session: Session) -> None:
        later(0.1)
        work.end_window(session, 1)

    at_once(lambda s: work.object_to_claim(s, 1, world.actor(EVE), Permission.MAINTAIN, "No."), end)
    blocked = bool(world.rows(Objection))
    assert (world.claim().state, owed_shares(world)) == (
        ("blocked", []) if blocked else ("released", [(5000, "kept")])
    )  # fmt: skip


def test_two_merges_recorded_at_once_pay_one(world: World) -> None:
    world.pay(5000)
    first, second = merged(world.linked(40)), merged(world.linked(41, author=DARA))
    at_once(
        lambda s: work.record_pull_request(s, first, world.permissions),
        lambda s: work.record_pull_request(s, second, world.permissions),
    )
    assert sorted(str(claim.state) for claim in world.rows(Claim)) == ["released", "superseded"]
    assert owed_shares(world) == [(5000, "kept")]


def test_pull_requests_over_the_same_tasks_do_not_lock_each_other_out(world: World) -> None:
    world.task(13)
    world.task(14)
    many = [pull(number, closes=closes) for number, closes in ((40, (12, 13, 14)), (41, (14, 12)), (42, (13, 12)))]
    at_once(*(lambda s, one=one: work.record_pull_request(s, one, {}) for one in many))
    assert len(world.rows(Claim)) == 7


DOUBLE_CLICKS: dict[str, Callable[[World, Session], object]] = {
    "create task": lambda w, s: create_task(s, repository(s, w.repository_id), issue(15), w.actor(ANA), opened=True),
    "fund": lambda w, s: funding.contribute(
        s, funding.Order(w.task_id, Money(5000, "EUR"), "cleo@example.org", None, False, "nonce")
    ),
    "connect": lambda w, s: payouts.ask_account(s, s.get_one(Person, w.persons["bo"].id)),
    "cancel": lambda w, s: work.cancel_task(s, w.task_id, w.actor(ANA), Permission.ADMIN, "No."),
}  # fmt: skip


DOUBLE_CLICKS_ADD = {
    "create task": {"Task": 1, "AuditEvent": 2},
    "fund": {"Contribution": 1, "AuditEvent": 1},
    "connect": {"Payee": 1, "AuditEvent": 1},
    "cancel": {"AuditEvent": 1},
}


@pytest.mark.parametrize("button", DOUBLE_CLICKS)
def test_a_double_click_does_it_once(world: World, button: str) -> None:
    before = {model: len(world.rows(model)) for model in (Task, Contribution, Payee, AuditEvent)}
    results = at_once(*[lambda s: DOUBLE_CLICKS[button](world, s)] * 3)
    added = {model.__name__: n for model, count in before.items() if (n := len(world.rows(model)) - count)}
    assert added == DOUBLE_CLICKS_ADD[button]
    if button != "cancel":
        assert not [result for result in results if isinstance(result, Exception)]


def test_a_double_click_on_withdraw_confirm_and_object_does_it_once(world: World) -> None:
    given = world.pay(5000)
    world.record(merged(pull()))
    at_once(*[lambda s: work.confirm_claim(s, 1, world.actor(EVE), Permission.MAINTAIN)] * 3)
    at_once(*[lambda s: work.object_to_claim(s, 1, world.actor(EVE), Permission.MAINTAIN, "No.")] * 3)
    at_once(*[lambda s: work.withdraw(s, given.id, world.actor(CLEO))] * 3)
    assert [len(world.rows(model)) for model in (Claim, Objection, Refund)] == [1, 1, 1]


def test_webhook_return_page_and_sweeper_at_once_book_one_capture(world: World) -> None:
    ref = world.order(5000)
    checkout = paid(ref, Money(5275, "EUR"))
    results = at_once(*[lambda s: funding.record_checkout(s, ref, checkout)] * 4)
    assert not [result for result in results if isinstance(result, Exception)]
    assert world.balances(world.rows(Contribution)[0]) == {"escrow": 5000, "fee_held": 275}


def test_a_refunds_webhook_and_its_job_at_once_book_one_debit(world: World) -> None:
    given = world.pay(5000)
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    said = refunded(world.rows(Refund)[0])
    at_once(*[lambda s: funding.record_refund(s, said)] * 3)
    assert world.balances(given) == {}
    assert_books_are_right()


def test_two_runners_with_the_same_transfers_ask_and_book_each_once(world: World) -> None:
    world.pay(5000)
    world.pay(2500, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    rows: list[Transfer] = world.rows(Transfer)
    at_once(*[lambda s, one=one: payouts.begin_transfer(s, one.id) for one in rows * 2])
    at_once(*[lambda s, one=one: payouts.record_transfer(s, transferred(one.ref, one)) for one in rows * 2])
    assert owed_shares(world) == [(7500, "paid")]
    with reading() as session:
        assert session.get_one(Task, world.task_id).state == "completed"
    assert_books_are_right()
