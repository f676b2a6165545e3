"""Nobody waits crosswise: two transactions on PostgreSQL that each pause with what they locked first.

The order everywhere: identities, tasks, contributions, then what hangs on them, the ledger's accounts last.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer, WaitReason
from bountyhub.payouts.operations import payees, shares, transfers
from bountyhub.people import operations as people
from bountyhub.ports.forge import Permission
from bountyhub.ports.payments import Reversal
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import repository
from bountyhub.tasks import operations as tasks
from bountyhub.work import operations as work
from bountyhub.work.models import Claim
from bountyhub.work.operations import commands, merges, money, objections
from tests.builders.at_once import Work, at_once
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    World,
    account,
    assert_books_are_right,
    comment,
    issue,
    later,
    merged,
    owed_shares,
    pull,
    transferred,
)

Pause = Callable[..., None]


@pytest.fixture
def world(postgresql: str) -> World:
    return World.begin()


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> Pause:
    """`pause(module, "name")`: whoever calls that function there keeps its locks a while before going on."""

    def after(module: ModuleType, name: str, seconds: float = 0.5) -> None:
        real = getattr(module, name)

        def slow(*args: Any, **more: Any) -> Any:
            result = real(*args, **more)
            time.sleep(seconds)
            return result

        monkeypatch.setattr(module, name, slow)

    return after


def test_a_comment_and_a_pull_request_of_one_author(world: World, pause: Pause) -> None:
    world.pay()
    opened = pull(40, author=BO)

    def claim(session: Session) -> str:
        here = session.get_one(Repository, world.repository_id)
        return commands.command(
            session, name="claim", argument="#12", comment=comment(BO), repository=here, permission=Permission.READ,
            pull=opened,
        )  # fmt: skip

    pause(commands, "note_identity")
    pause(merges, "lock_task")
    at_once(claim, lambda s: work.record_pull_request(s, opened, {}))
    assert len(world.rows(Claim)) == 1


def test_a_late_claim_and_a_pull_request_of_the_same_people(world: World, pause: Pause) -> None:
    world.task(13)
    late = merged(pull(40, author=BO, closes=()), by=ANA)
    other = merged(pull(41, author=ANA, closes=(13,)), by=BO)

    def claim(session: Session) -> Claim:
        here = session.get_one(Repository, world.repository_id)
        return commands.claim_by_author(session, world.actor(BO), here, late, 12)

    pause(people, "note_identity")
    at_once(claim, lambda s: work.record_pull_request(s, other, world.permissions))
    assert len(world.rows(Claim)) == 2


def test_a_new_task_and_a_pull_request_of_one_author(world: World, pause: Pause) -> None:
    world.pay()
    by_ana, opened = world.actor(ANA), pull(40, author=BO)
    pause(people, "note_identity")
    pause(tasks, "_task_of")
    at_once(
        lambda s: tasks.create_task(s, repository(s, world.repository_id), issue(15, author=BO), by_ana, opened=True),
        lambda s: work.record_pull_request(s, opened, {}),
    )
    assert len(world.rows(Claim)) == 1


def two_tasks(world: World) -> int:
    """A second task, of issue 13, with money; its id."""
    first, second = world.task_id, world.task(13)
    world.pay()
    world.task_id = second
    world.pay()
    world.task_id = first
    return second


def test_a_merge_over_two_tasks_and_a_window_that_ends(world: World, pause: Pause) -> None:
    second = two_tasks(world)
    for who in (BO, DARA):
        world.connect(who)
        world.permissions[who.id] = Permission.ADMIN
    both, own = pull(40, closes=(12, 13)), pull(41, closes=(13,), author=DARA)
    world.record(both, own)
    for claim in world.rows(Claim):
        world.show(claim)
    world.record(merged(own, by=DARA))
    window, done = world.claim(41, second), merged(both)
    later(8)
    pause(merges, "release_claim", 0.8)
    pause(objections, "lock_claim", 0.4)
    at_once(lambda s: work.record_pull_request(s, done, world.permissions), lambda s: work.end_window(s, window.id))
    assert owed_shares(world) == [(5000, "payable")] * 2
    assert_books_are_right()


def kept_on_two_tasks(world: World) -> int:
    """Money of two tasks is kept for Bo, but for Cleo's part of the second: she objected there. That claim's id."""
    first, second = world.task_id, two_tasks(world)
    world.task_id = second
    world.pay(50_000, by=DARA)
    world.task_id = first
    world.permissions[BO.id] = Permission.ADMIN
    both = pull(40, closes=(12, 13))
    world.record(both)
    for claim in world.rows(Claim):
        world.show(claim)
    world.record(merged(both, by=BO))
    objected = world.claim(40, second).id
    with transaction() as session:
        work.object_to_claim(session, objected, world.actor(CLEO), Permission.READ, "No.")
    later(8)
    for claim in world.rows(Claim):
        with transaction() as session:
            work.end_window(session, claim.id)
    assert owed_shares(world) == [(5000, "kept"), (50_000, "kept")]
    return objected


def settle(claim: int) -> Work:
    return lambda s: work.settle_claim(s, claim, people.OPERATOR, Permission.NONE, accept=True, reason="Yes.")


def test_shares_kept_on_two_tasks_and_a_release_on_one(world: World, pause: Pause) -> None:
    claim = kept_on_two_tasks(world)
    world.connect(BO, can_receive=False)
    pause(shares, "claim_share", 0.8)
    pause(objections, "lock_claim", 0.4)
    said = account("acct_bo", submitted=True)
    at_once(lambda s: payouts.record_account(s, said), settle(claim))
    world.sweep("payouts.sweep_kept")
    assert owed_shares(world) == [(5000, "payable"), (50_000, "payable"), (5000, "payable")]
    assert_books_are_right()


def test_a_payees_account_and_a_release_to_them(world: World, pause: Pause, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = kept_on_two_tasks(world)
    with monkeypatch.context() as patch:  # ready since a moment, what is kept not yet claimed
        patch.setattr(payees, "claim_kept", lambda *_: None)
        world.connect(BO)
    pause(payees, "payee_state", 0.8)
    pause(objections, "lock_claim", 0.4)
    said = account("acct_bo", submitted=True)
    at_once(lambda s: payouts.record_account(s, said), settle(claim))
    assert owed_shares(world) == [(5000, "payable"), (50_000, "payable"), (5000, "payable")]
    assert_books_are_right()


def test_a_transfer_that_came_back_and_a_life_that_ends(world: World, pause: Pause) -> None:
    given = world.pay()
    world.pay(2500, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    first, second = world.rows(Transfer)
    with transaction() as session:
        payouts.begin_transfer(session, first.id)
        payouts.record_transfer(session, transferred(first.ref, first))
        payouts.begin_transfer(session, second.id)
        payouts.refuse_transfer(session, second.id, WaitReason.ACCOUNT)
    later(86)
    with transaction() as session:
        payouts.keep_unsendable(session, payouts.lock_share(session, 1), people.CLOCK)
    back = Reversal(first.money, "txn_back", clock.now())
    said = replace(transferred(first.ref, first), reversed=5000, reversals=(back,))
    pause(transfers, "lock_transfer")
    pause(money, "ask_refund")
    at_once(lambda s: payouts.record_transfer(s, said), lambda s: work.end_life(s, given.id))
    assert world.balances(given) == {"payable": 5000}
    assert_books_are_right()
