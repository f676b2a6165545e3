"""Promises through the stand-in: saved on its page, charged off-session when the work is accepted, or lapsed."""

from __future__ import annotations

import pytest
import requests
from sqlalchemy import select

from bountyhub.funding.jobs.promises import settle_page
from bountyhub.funding.models import Contribution, Promise
from bountyhub.funding.operations.promises import withdraw_promise
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import CLOCK
from tests.builders.promising import asked, became, now
from tests.cases.hub import Hub

FINE, ONCE, ALWAYS, LATER_NO = "4242424242424242", "4000002500003155", "4000002760003184", "4000000000000341"


def given(hub: Hub, card: str = FINE) -> Promise:
    """A promise of 50.00 whose card was saved on the processor's page."""
    row = asked(hub.world)
    settle_page(row)
    hub.stripe.control("pay", session=now(row).page_id, card=card)
    hub.settle()
    assert now(row).state == "given"
    return now(row)


def contributions() -> list[Contribution]:
    with reading() as session:
        return list(session.scalars(select(Contribution).order_by(Contribution.id)))


@pytest.mark.parametrize("card", [FINE, ONCE], ids=["plain", "authenticated when saved"])
def test_charged_when_merged(hub: Hub, card: str) -> None:
    """A promise is charged when its work is merged, released and transferred."""
    hub.connect()
    row = given(hub, card)
    hub.merge()
    contribution, _ = became(row)
    assert (now(row).state, contribution.state, hub.balances(contribution)) == ("charged", "closed", {})
    assert hub.world.read_task().state == "completed"


def test_beside_money_held(hub: Hub) -> None:
    """Money held and a promise for one task: each is released once, apart."""
    hub.connect()
    paid, row = hub.pay(2500), given(hub)
    hub.merge()
    assert hub.contribution(paid.id).state == "closed" and now(row).state == "charged"


def test_withdrawn_before(hub: Hub) -> None:
    """A withdrawn promise is never charged, its card forgotten by the processor."""
    row = given(hub)
    with transaction() as session:
        withdraw_promise(session, row.ref, CLOCK)
    hub.settle()
    hub.merge()
    assert (now(row).state, contributions()) == ("withdrawn", [])
    assert row.payment_method is not None
    assert hub.stripe.client.v1.payment_methods.retrieve(row.payment_method).customer is None


def test_declined_when_merged(hub: Hub) -> None:
    """The saved card is declined when the work is merged: the promise lapses."""
    row = given(hub, LATER_NO)
    hub.merge()
    assert (now(row).state, now(row).lapse_reason) == ("lapsed", "declined")
    assert hub.world.read_task().state == "completed"


def test_confirmed_by_its_backer(hub: Hub) -> None:
    """The bank wants the backer, who confirms within seven days: charged and released."""
    row = given(hub, ALWAYS)
    hub.merge()
    assert now(row).state == "needs_backer"
    hub.days(3)
    _, payment = became(row)
    assert payment.payment_intent is not None and row.payment_method is not None
    sent = hub.gateway.authenticate(payment.payment_intent, row.payment_method, "http://app.test/back")
    assert sent.url is not None
    requests.post(sent.url, data={"answer": "complete"}, timeout=10, allow_redirects=False)
    hub.settle()
    assert now(row).state == "charged"


def test_not_confirmed(hub: Hub) -> None:
    """The bank wants the backer, who doesn't come in seven days: the promise lapses, nothing is charged."""
    row = given(hub, ALWAYS)
    hub.merge()
    hub.days(8)
    assert (now(row).state, now(row).lapse_reason) == ("lapsed", "not_confirmed")


def test_lost_answer_of_a_charge(hub: Hub) -> None:
    """The answer to a charge is lost: asked again by its key, it is charged once."""
    row = given(hub)
    hub.stripe.control("fail_next", path="/v1/payment_intents", fault="lost_answer")
    hub.merge()
    assert now(row).state == "charged"
    assert len(contributions()) == 1


def test_webhooks_backwards_and_twice(hub: Hub) -> None:
    """Webhooks of a promise come twice and backwards: saved once, charged once."""
    hub.option(reorder_webhooks=True, duplicate_webhooks=True)
    row = given(hub)
    hub.merge()
    hub.told.clear()
    hub.settle()
    assert now(row).state == "charged"


def test_charge_without_its_book_entry(hub: Hub) -> None:
    """A charge whose book entry comes later is held and released then."""
    row = given(hub)
    hub.option(charges_pend=True)
    hub.merge()
    assert now(row).state == "charging"
    hub.option(charges_pend=False)
    hub.stripe.control("settle")
    hub.settle()
    assert now(row).state == "charged"


def test_too_old(hub: Hub) -> None:
    """Nothing is accepted in 180 days: the promise lapses and its card is forgotten."""
    row = given(hub)
    hub.days(181)
    assert (now(row).state, now(row).lapse_reason, now(row).card) == ("lapsed", "too_old", None)
