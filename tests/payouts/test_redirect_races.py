"""A share is sent on while something else happens to it: one of them wins, and no cent is lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.errors import CantRedirect
from bountyhub.payouts.models import Redirect, Transfer
from bountyhub.payouts.operations.charities import record_charity
from bountyhub.payouts.operations.redirects import redirect_share
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.world import BO, World, account, assert_books_are_right, owed_shares
from tests.payouts.test_redirects import FUND, charity, deliver, say


def test_twice_at_once_it_goes_once(postgresql: str) -> None:
    world = World.begin()
    deliver(world)
    to, bo = charity(), world.actor(BO)
    done = at_once(*[lambda session: redirect_share(session, 1, to, FUND, bo).id] * 2)
    assert done == [1, 1]
    assert (len(world.rows(Redirect)), len(world.rows(Transfer))) == (1, 1)
    assert_books_are_right()


def test_two_targets_at_once_one_wins(postgresql: str) -> None:
    world = World.begin()
    deliver(world)
    bo, first = world.actor(BO), charity()
    with transaction() as session:
        second = record_charity(session, "Another", account("acct_other")).id
    done = at_once(
        lambda session: redirect_share(session, 1, first, FUND, bo),
        lambda session: redirect_share(session, 1, second, "Another", bo),
    )
    assert sorted(isinstance(one, CantRedirect) for one in done) == [False, True]
    assert len(world.rows(Transfer)) == 1
    assert_books_are_right()


@pytest.mark.parametrize("turn", range(4))
def test_while_its_payee_becomes_payable_it_goes_one_way(postgresql: str, turn: int) -> None:
    world = World.begin()
    Outside().use()
    world.connect(BO, can_receive=False)
    deliver(world)
    to, bo = charity(), world.actor(BO)

    def connect(session: Session) -> Any:
        return payouts.record_account(session, account("acct_bo"))

    def redirect(session: Session) -> Any:
        return redirect_share(session, 1, to, FUND, bo)

    at_once(*((connect, redirect) if turn % 2 else (redirect, connect)))
    assert owed_shares(world) == [(5000, "payable")]
    assert len(world.rows(Transfer)) == 1
    world.drain("payouts.")
    assert owed_shares(world) == [(5000, "paid")]
    assert_books_are_right()


def test_while_its_transfer_is_sent_it_goes_one_way(postgresql: str) -> None:
    world = World.begin()
    world.connect(BO)
    deliver(world)
    [transfer], to, bo = world.rows(Transfer), charity(), world.actor(BO)
    say(world, can_receive=False)
    at_once(
        lambda session: payouts.begin_transfer(session, transfer.id),
        lambda session: redirect_share(session, 1, to, FUND, bo),
        lambda session: payouts.record_account(session, account("acct_bo")),
    )
    world.send_transfers()
    assert owed_shares(world) in ([(5000, "paid")], [(5000, "transferring")])
    assert len([one for one in world.rows(Transfer) if one.amount == 5000]) == 1
    assert_books_are_right()
