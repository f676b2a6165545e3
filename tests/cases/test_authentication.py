"""3-D Secure: the card's bank asks its owner, who says yes, says no, or goes away."""

from __future__ import annotations

import pytest
import requests

from bountyhub.funding.models import Payment
from tests.cases.hub import CARD, Hub

ASKS, ASKS_THEN_DECLINES = "4000002760003184", "4000008400001629"


def begun(hub: Hub, card: str = ASKS) -> Payment:
    """A payment whose owner is at their bank's page."""
    payment = hub.order(5000)
    there = requests.post(str(payment.checkout_url), {"number": card}, timeout=10, allow_redirects=False)
    assert there.headers["Location"].endswith("/authenticate")
    hub.settle()
    return payment


def answer(payment: Payment, word: str) -> str:
    """What its owner tells the bank; where that leads."""
    page = f"{payment.checkout_url}/authenticate"
    return requests.post(page, {"answer": word}, timeout=10, allow_redirects=False).headers["Location"]


def states(hub: Hub, payment: Payment) -> tuple[str, str]:
    return str(hub.contribution(payment.contribution_id).state), str(hub.payment(payment.ref).state)


def test_its_owner_says_yes(hub: Hub) -> None:
    """3-D Secure, and the owner says yes: held once, and not before."""
    payment = begun(hub)
    assert states(hub, payment) == ("pending", "open")
    assert answer(payment, "complete").endswith(f"/paid/{payment.ref}")
    hub.settle()
    assert hub.balances(hub.contribution(payment.contribution_id)) == {"escrow": 5000, "fee_held": 275}


def test_its_owner_says_no(hub: Hub) -> None:
    """3-D Secure, and the owner says no: back on the checkout, nothing is booked, another card may pay."""
    payment = begun(hub)
    assert "/pay/" in answer(payment, "fail")
    hub.settle()
    assert states(hub, payment) == ("pending", "open")
    assert hub.balances(hub.contribution(payment.contribution_id)) == {}
    assert hub.stripe.client.v1.charges.list().data == [], "no card was asked"
    hub.pay_page(payment, CARD)
    hub.settle()
    assert states(hub, payment) == ("held", "captured")


def test_its_owner_says_no_and_leaves(hub: Hub) -> None:
    """3-D Secure, the owner says no and never comes back: the page expires, nothing was taken."""
    payment = begun(hub)
    answer(payment, "fail")
    hub.stripe.control("expire", session=payment.checkout_id)
    hub.settle()
    assert states(hub, payment) == ("abandoned", "expired")


@pytest.mark.parametrize("heard", [True, False])
def test_its_owner_goes_away(hub: Hub, heard: bool) -> None:
    """3-D Secure, and the owner goes away: the page expires, a late yes is too late."""
    payment = begun(hub)
    hub.stripe.control("expire", session=payment.checkout_id)
    if heard:
        hub.settle()
    page = f"{payment.checkout_url}/authenticate"
    assert requests.post(page, {"answer": "complete"}, timeout=10).status_code == 410
    hub.settle()
    assert states(hub, payment) == ("abandoned", "expired")
    assert hub.stripe.client.v1.charges.list().data == []


def test_the_card_declines_after_the_yes(hub: Hub) -> None:
    """3-D Secure, a yes, and the card is declined: nothing is booked."""
    payment = begun(hub, ASKS_THEN_DECLINES)
    answer(payment, "complete")
    hub.settle()
    assert states(hub, payment) == ("pending", "open")
    hub.stripe.control("expire", session=payment.checkout_id)
    hub.settle()
    assert states(hub, payment) == ("abandoned", "expired")
