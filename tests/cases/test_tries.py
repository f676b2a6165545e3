"""Stolen cards tried here: declines told by webhooks count, and shut out whoever has too many."""

from __future__ import annotations

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.funding.errors import TooManyTries
from bountyhub.funding.jobs.promises import settle_page
from bountyhub.funding.models import Try
from bountyhub.payouts.models import Stop
from tests.builders.promising import asked, now
from tests.builders.world import CLEO, DARA
from tests.cases.hub import Hub

DECLINED, POOR, FINE = "4000000000000002", "4000000000009995", "4242424242424242"


def declines(hub: Hub) -> list[Try]:
    return [row for row in hub.world.rows(Try) if row.kind == "decline"]


def test_declined_then_paid(hub: Hub) -> None:
    """A card is declined twice, then another pays on the same page: two declines, one contribution held."""
    hub.setting(RATE_LIMITS=True)
    payment = hub.order()
    hub.pay_page(payment, DECLINED)
    hub.pay_page(payment, DECLINED)
    hub.pay_page(payment, FINE)
    hub.settle()
    for event in told(hub, "payment_intent.payment_failed"):
        hub.hear(event)
    hub.settle()
    first, second = declines(hub)
    assert first.card == second.card is not None
    assert hub.contribution(payment.contribution_id).state == "held"


def told(hub: Hub, type: str) -> list[dict[str, object]]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return [event for event in tx.all("stripe.event") if event["type"] == type]


def test_too_many_declines(hub: Hub) -> None:
    """One mail has five cards declined: its open checkout is closed at the processor, and no other is begun."""
    hub.setting(RATE_LIMITS=True, CHECKOUTS_PER_HOUR_MAIL=20)
    payment, other = hub.order(), hub.order(by=DARA)
    for card in (DECLINED, POOR, DECLINED, POOR, DECLINED):
        hub.pay_page(payment, card)
    hub.settle()
    assert [hub.payment(each.ref).state for each in (payment, other)] == ["expired", "open"]
    assert hub.gateway.read_checkout(str(payment.checkout_id)).url is None
    with pytest.raises(TooManyTries):
        hub.world.order(5000, CLEO)
    assert hub.pay(2500, DARA).state == "held"


def test_one_card_under_two_mails(hub: Hub) -> None:
    """One card is declined under two mails: both lose their checkouts, a third backer pays."""
    hub.setting(RATE_LIMITS=True, DECLINES_PER_HOUR_CARD=3)
    one, two = hub.order(), hub.order(by=DARA)
    for payment in (one, two, one):
        hub.pay_page(payment, DECLINED)
    hub.settle()
    assert [hub.payment(each.ref).state for each in (one, two)] == ["expired", "expired"]
    assert hub.pay(2500, None, email="third@example.org").state == "held"


def test_declined_where_a_card_is_saved(hub: Hub) -> None:
    """Cards are declined where a promise's card is saved: they count, and its page is closed."""
    hub.setting(RATE_LIMITS=True, DECLINES_PER_HOUR_MAIL=2)
    row = asked(hub.world)
    settle_page(row)
    for _ in range(2):
        hub.stripe.control("pay", session=now(row).page_id, card=DECLINED)
    hub.settle()
    assert (len(declines(hub)), now(row).state) == (2, "abandoned")
    with pytest.raises(TooManyTries):
        hub.order()


def test_a_wave_of_declines(hub: Hub) -> None:
    """A wave of declined cards on one task stops its outgoing money by itself."""
    hub.setting(DECLINES_OF_TASK=4)
    payment = hub.order()
    for _ in range(4):
        hub.pay_page(payment, DECLINED)
    hub.settle()
    hub.sweep()
    assert [row.action for row in hub.world.rows(AuditEvent)].count("payment_declined") == 4
    assert [(stop.scope, stop.ended_at) for stop in hub.world.rows(Stop)] == [("task", None)]
