"""Accounts that are gone at the processor, and the ones that take their place."""

from __future__ import annotations

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.errors import TransferUnderWay
from bountyhub.payouts.models import Payee
from bountyhub.people.models import Person
from bountyhub.ports.errors import OutsideUnavailable
from tests.builders.outside import Outside
from tests.builders.world import BO, World, merged


def gone(account: str = "acct_bo") -> None:
    with transaction() as session:
        payouts.record_account_gone(session, account)


def ask(world: World) -> Payee:
    with transaction() as session:
        return payouts.ask_account(session, session.get_one(Person, world.persons["bo"].id))


@pytest.mark.usefixtures("database")
def test_a_gone_account_is_told_of_once_and_replaced_under_a_new_key() -> None:
    world = World.begin()
    world.connect(BO)
    before = world.rows(Payee)[0]
    gone()
    gone()
    assert world.actions("payee").count("payout_account_changed") == 2
    after = ask(world)
    assert (str(after.state), after.account, after.ref == before.ref) == ("asked", None, False)
    replaced = [row for row in world.rows(AuditEvent) if row.action == "payout_account_replaced"]
    assert [row.detail["old"] for row in replaced] == ["acct_bo"]
    assert ask(world).ref == after.ref


def test_a_foreign_account_that_is_gone_is_none_of_ours(world: World) -> None:
    with pytest.raises(NotFound):
        gone("acct_of_somebody")


def test_a_transfer_of_unknown_outcome_is_looked_into_before_the_account_is_replaced(world: World) -> None:
    outside = Outside().use()
    world.pay(5000)
    world.connect(BO)
    world.record(merged(world.linked()))
    outside.gateway.fail["create_transfer"] = [OutsideUnavailable("timed out")]
    world.drain("payouts.")
    gone()
    with pytest.raises(TransferUnderWay):
        ask(world)
    assert world.rows(Payee)[0].account == "acct_bo"
