"""The main loop's own cases: paid, released, transferred; taken back; too late; not as agreed."""

from __future__ import annotations

from tests.cases.hub import Hub


def test_paid_merged_and_transferred(hub: Hub) -> None:
    """Paid by card, merged, released and transferred."""
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    assert hub.contribution(contribution.id).state == "closed"
    assert hub.balances(contribution) == {}


def test_withdrawn(hub: Hub) -> None:
    """Paid and taken back in full within the fourteen days."""
    contribution = hub.pay(5000)
    hub.withdraw(contribution)
    assert hub.contribution(contribution.id).state == "closed"


def test_a_refund_fails_days_later(hub: Hub) -> None:
    """A refund fails after its debit: an unclaimed refund, still owed."""
    contribution = hub.pay(5000, card="4000000000005126")
    hub.withdraw(contribution)
    assert hub.balances(contribution) == {"unclaimed_refund": 5275}


def test_declined_then_expired(hub: Hub) -> None:
    """A card is declined and the page expires: nothing was taken."""
    payment = hub.order(5000)
    hub.pay_page(payment, "4000000000000002")
    hub.stripe.control("expire", session=payment.checkout_id)
    hub.settle()
    assert hub.contribution(payment.contribution_id).state == "abandoned"
