"""The operator's own money: topped up, paid out to the bank, back from there, drawn; the reserve."""

from __future__ import annotations

import pytest

from bountyhub.events.models import Alarm
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import NoFloat, NotAtTheBank
from bountyhub.funding.operations import Funds
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from tests.cases.hub import Hub


def funds(hub: Hub) -> Funds:
    with reading() as session:
        return next(one for one in funding.own_funds(session) if one.currency == "EUR")


def pay_out(hub: Hub, amount: int, **more: str) -> str:
    id = hub.stripe.client.v1.payouts.create({"amount": amount, "currency": "eur", "metadata": more}).id
    hub.settle()
    return id


def alarms(hub: Hub) -> list[str]:
    return [alarm.kind for alarm in hub.world.rows(Alarm) if alarm.ended_at is None and alarm.kind == "reserve"]


def test_paid_out_and_drawn(hub: Hub) -> None:
    """The operator pays own funds out to the bank and draws them there."""
    pay_out(hub, 20_000)
    hub.days(3)
    assert (funds(hub).own.amount, funds(hub).bank.amount) == (30_000, 20_000)
    with transaction() as session:
        funding.record_drawn(session, Money(15_000, "EUR"), "rent")
    assert (funds(hub).own.amount, funds(hub).bank.amount, funds(hub).put_in.amount) == (30_000, 5_000, 35_000)
    with pytest.raises(NotAtTheBank), transaction() as session:
        funding.record_drawn(session, Money(5_001, "EUR"), "too much")


def test_a_payout_comes_back(hub: Hub) -> None:
    """A payout fails after it was said to be paid: own funds are as before."""
    id = pay_out(hub, 20_000)
    hub.days(3)
    hub.stripe.control("fail_payout", payout=id)
    hub.settle()
    assert (funds(hub).own.amount, funds(hub).bank.amount) == (50_000, 0)


def test_a_payout_below_the_reserve(hub: Hub) -> None:
    """A payout takes more than own funds above the reserve: an alarm until they are topped up."""
    hub.setting(OWN_FUNDS_RESERVE={"EUR": 40_000})
    hub.sweep()
    assert (alarms(hub), funds(hub).can_leave.amount) == ([], 10_000)
    pay_out(hub, 10_001)
    assert (alarms(hub), funds(hub).can_leave.amount, funds(hub).missing.amount) == (["reserve"], 0, 1)
    hub.order(5000)  # the reserve is there to be used: checkouts go on
    hub.stripe.client.v1.topups.create({"amount": 1, "currency": "eur"})
    hub.sweep()
    assert alarms(hub) == []


def test_a_payout_takes_what_is_owed(hub: Hub) -> None:
    """A payout takes others' money: checkouts are closed until the operator tops up."""
    hub.pay(5000)
    pay_out(hub, 52_000)
    assert funds(hub).own.amount < 0
    with pytest.raises(NoFloat):
        hub.order(5000)
    hub.stripe.client.v1.topups.create({"amount": 30_000, "currency": "eur"})
    hub.sweep()
    assert hub.pay(5000).state == "held"


def test_a_lost_webhook(hub: Hub) -> None:
    """A payout whose webhooks are lost is booked by the sweep, once."""
    hub.option(webhooks_paused=True)
    id = hub.stripe.client.v1.payouts.create({"amount": 7_000, "currency": "eur"}).id
    hub.sweep()
    hub.sweep()
    hub.option(webhooks_paused=False)
    hub.settle()
    assert (funds(hub).bank.amount, id[:3]) == (7_000, "po_")
