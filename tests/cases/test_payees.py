"""Payees whose account changes, ends or is replaced."""

from __future__ import annotations

from bountyhub.payouts.models import Payee, Share
from tests.builders.world import BO
from tests.cases.hub import Hub


def state(hub: Hub) -> str:
    payee: Payee = hub.world.rows(Payee)[0]
    return str(payee.state)


def shares(hub: Hub) -> list[str]:
    return [str(share.state) for share in hub.world.rows(Share)]


def replace(hub: Hub) -> str:
    """Bo connects again, and gets another account."""
    return hub.connect(BO)


def test_deauthorised(hub: Hub) -> None:
    """Account deauthorised before the merge: kept, a new account takes the old one's place and is paid."""
    old = hub.connect()
    hub.pay(5000)
    hub.stripe.control("deauthorize", account=old)
    hub.settle()
    assert state(hub) == "gone"
    hub.merge()
    assert shares(hub) == ["kept"]
    new = replace(hub)
    hub.sweep()
    assert new != old
    assert (state(hub), shares(hub)) == ("ready", ["paid"])
    assert [each["destination"] for each in _sent(hub)] == [new]


def test_deauthorised_unheard(hub: Hub) -> None:
    """Account restricted and deauthorised, its webhook lost: the sweep finds out."""
    account = hub.connect()
    hub.stripe.control("require", account=account)
    hub.settle()
    assert state(hub) == "restricted"
    hub.stripe.control("deauthorize", account=account)
    hub.world.sweep("payouts.sweep_payees")
    assert state(hub) == "gone"


def test_more_is_asked(hub: Hub) -> None:
    """Account restricted by a later requirement: kept, and paid once it was fulfilled."""
    account = hub.connect()
    hub.stripe.control("require", account=account)
    hub.pay(5000)
    hub.settle()
    assert (state(hub), hub.world.rows(Payee)[0].requirements) == ("restricted", ["individual.verification.document"])
    hub.merge()
    assert shares(hub) == ["kept"]
    hub.stripe.control("complete_onboarding", account=account)
    hub.sweep()
    assert shares(hub) == ["paid"]


def test_rejected(hub: Hub) -> None:
    """Account rejected by the processor for good: the money goes back at the end of its life."""
    account = hub.connect()
    given = hub.pay(5000)
    hub.stripe.control("reject_account", account=account)
    hub.settle()
    hub.merge()
    assert shares(hub) == ["kept"]
    hub.days(86)
    assert (shares(hub), hub.contribution(given.id).state) == (["returned"], "closed")


def test_replaced_while_waiting(hub: Hub) -> None:
    """Account gone while a transfer waits for its day: it goes to the new account."""
    hub.setting(FRESH_DAYS=7)
    old = hub.connect()
    hub.pay(5000)
    hub.merge()
    hub.stripe.control("deauthorize", account=old)
    hub.settle()
    new = replace(hub)
    hub.days(8)
    assert (shares(hub), [each["destination"] for each in _sent(hub)]) == (["paid"], [new])


def _sent(hub: Hub) -> list[dict[str, str]]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return tx.all("stripe.transfer")
