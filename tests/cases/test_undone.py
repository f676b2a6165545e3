"""Releases undone by two operators: before and after the transfer, whole and in part, with every ending of its task."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.kit.database import reading
from bountyhub.payouts.models import Reversal, Share, Transfer
from bountyhub.people.queries import identity_ids
from tests.builders.releasing import release_to
from tests.builders.undoing import undo
from tests.builders.world import BO, DARA, issue
from tests.cases.disputed import dispute, end
from tests.cases.hub import Hub

HELD = {"escrow": 5000, "fee_held": 275}


def shares(hub: Hub) -> list[str]:
    return [str(share.state) for share in hub.world.rows(Share)]


def reversals(hub: Hub) -> list[str]:
    return [str(row.state) for row in hub.world.rows(Reversal)]


def undone(hub: Hub) -> None:
    """Two operators undo the release, and what they asked for is worked on."""
    undo(hub.world)
    hub.settle()


def transfers(hub: Hub) -> list[dict[str, Any]]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return tx.all("stripe.transfer")


def test_before_the_transfer(hub: Hub) -> None:
    """A release undone before its transfer: held for the task again, and paid to another pull request."""
    hub.setting(FRESH_DAYS=7)
    hub.connect()
    given = hub.pay(5000)
    hub.merge()
    undone(hub)
    assert (hub.balances(given), shares(hub), hub.world.rows(Transfer)) == (HELD, ["returned"], [])
    hub.connect(DARA)
    hub.merge(41, DARA)
    hub.days(8)
    assert (shares(hub), hub.contribution(given.id).state) == (["returned", "paid"], "closed")


def test_after_the_transfer(hub: Hub) -> None:
    """A release undone after its transfer, issue open: taken back, held again, and withdrawn by its backer."""
    hub.connect()
    given = hub.pay(5000)
    hub.merge()
    undone(hub)
    assert (hub.balances(given), shares(hub), reversals(hub)) == (HELD, ["returned"], ["done"])
    assert [each["metadata"]["reference"] for each in _reversed(hub)] == [hub.world.rows(Reversal)[0].ref]
    hub.withdraw(given)
    assert hub.contribution(given.id).state == "closed"


def test_after_the_transfer_with_a_closed_issue(hub: Hub) -> None:
    """A release undone after its transfer, issue closed: taken back, held for 14 days, then back with its backer."""
    hub.connect()
    given = hub.pay(5000)
    hub.merge()
    hub.world.record_issue(issue(12, is_open=False))
    undone(hub)
    assert hub.balances(given) == HELD
    hub.outside.forge.issues[12] = issue(12, is_open=False)
    hub.days(15)
    assert (hub.contribution(given.id).state, str(hub.world.read_task().state)) == ("closed", "cancelled")


def test_after_the_next_round_began(hub: Hub) -> None:
    """A release undone after the next round of its issue began: taken back, and straight back to its backer."""
    hub.connect()
    given = hub.pay(5000)
    hub.merge()
    hub.world.task(12)
    undone(hub)
    assert (hub.contribution(given.id).state, str(hub.world.read_task().state)) == ("closed", "completed")


def test_an_empty_account_that_fills_up(hub: Hub) -> None:
    """A release undone whose payee's account is empty: tried each day, and back with its backer once it was there."""
    account = hub.connect()
    given = hub.pay(5000)
    hub.merge()
    hub.stripe.control("pay_out_account", account=account)
    undone(hub)
    assert (reversals(hub), shares(hub), hub.balances(given)) == (["waiting"], ["paid"], {})
    hub.days(1)
    assert reversals(hub) == ["waiting"]
    other = hub.pay(6000, DARA)
    hub.merge(41)
    hub.days(1)
    assert (reversals(hub), shares(hub)) == (["done"], ["returned", "paid"])
    assert [hub.contribution(one.id).state for one in (given, other)] == ["closed", "closed"]


def test_an_empty_account_to_the_end(hub: Hub) -> None:
    """A release undone whose payee's account stays empty: what came back is held, the rest stays paid."""
    account = hub.connect()
    first = hub.pay(5000)
    hub.merge()
    hub.stripe.control("pay_out_account", account=account)
    undone(hub)
    hub.days(79)
    hub.days(2)
    assert (reversals(hub), shares(hub)) == (["given_up"], ["paid"])
    assert (hub.balances(first), hub.contribution(first.id).state) == ({}, "closed")


def test_several_payees_and_backers(hub: Hub) -> None:
    """A release to two payees from two backers undone, one payee without an account: all of it is held again."""
    hub.connect()
    one, two = hub.pay(5000), hub.pay(2500, None, email="guest@example.org")
    hub.world.linked()
    with reading() as session:
        bo, dara = (identity_ids(session, hub.world.persons[who.login].id)[0] for who in (BO, DARA))
    release_to(hub.world.claim().id, {bo: 2, dara: 1})
    hub.settle()
    assert sorted(shares(hub)) == ["kept", "paid"]
    undone(hub)
    assert (hub.balances(one), hub.balances(two)) == (HELD, {"escrow": 2500, "fee_held": 150})
    assert shares(hub) == ["returned", "returned"]


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_beside_a_charge_back_before_the_transfer(hub: Hub, ending: str) -> None:
    """A release undone while a bank disputes one of its contributions: the others are held at once."""
    hub.setting(FRESH_DAYS=7)
    hub.connect()
    one, two = hub.pay(5000), hub.pay(2500, DARA)
    hub.merge()
    id = dispute(hub, one)
    undone(hub)
    assert hub.balances(two) == {"escrow": 2500, "fee_held": 150}
    end(hub, id, ending)
    assert hub.balances(one) == (HELD if ending == "win" else {})
    hub.days(9)
    assert transfers(hub) == []


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_beside_a_charge_back_after_the_transfer(hub: Hub, ending: str) -> None:
    """A release undone while a bank disputes what was transferred: taken back if the bank gives it back."""
    hub.connect()
    given = hub.pay(5000)
    hub.merge()
    id = dispute(hub, given)
    undone(hub)
    assert (reversals(hub), _reversed(hub)) == (["waiting"], [])
    end(hub, id, ending)
    hub.days(1)
    assert reversals(hub) == (["done"] if ending == "win" else ["given_up"])
    assert hub.balances(given) == (HELD if ending == "win" else {})


def test_a_lost_answer(hub: Hub) -> None:
    """A release undone, the answer of the reversal lost: taken back once."""
    hub.connect()
    given = hub.pay(5000)
    hub.merge()
    [sent] = transfers(hub)
    hub.stripe.control("fail_next", path=f"/v1/transfers/{sent['id']}/reversals", fault="lost_answer")
    undone(hub)
    hub.sweep()
    assert (hub.balances(given), len(_reversed(hub))) == (HELD, 1)


def _reversed(hub: Hub) -> list[dict[str, Any]]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return tx.all("stripe.transfer_reversal")
