"""Refunds: what they do to the balance, and the ways in which they wait, fail and come back."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.stripe.world import World

FLOAT = 50_000


def test_a_refund_takes_the_amount_and_keeps_the_fee(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid(2500)
    refund = client.v1.refunds.create({"charge": charge.id, "metadata": {"intent": "r1"}})
    assert (refund.status, refund.amount, refund.charge) == ("succeeded", 2500, charge.id)
    assert refund.metadata is not None and refund.metadata["intent"] == "r1"
    booked = client.v1.balance_transactions.retrieve(str(refund.balance_transaction))
    assert (booked.type, booked.amount, booked.fee, booked.net) == ("refund", -2500, 0, -2500)
    assert world.available() == FLOAT - 62
    again = client.v1.charges.retrieve(charge.id)
    assert (again.refunded, again.amount_refunded) == (True, 2500)
    world.heard.wait("charge.refunded")
    assert "refund.created" in world.heard.types()


def test_parts_can_be_refunded_until_nothing_is_left(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid(2500)
    intent = str(charge.payment_intent)
    client.v1.refunds.create({"payment_intent": intent, "amount": 1000})
    with pytest.raises(stripe.InvalidRequestError, match=r"€20\.00.*greater than unrefunded.*€15\.00") as refused:
        client.v1.refunds.create({"payment_intent": intent, "amount": 2000})
    assert refused.value.param == "amount"
    client.v1.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    listed = client.v1.refunds.list({"payment_intent": intent})
    assert [refund.amount for refund in listed.data] == [1500, 1000]


def test_a_refund_to_a_refusing_card_comes_back_by_itself(world: World, client: stripe.StripeClient) -> None:
    world.control("options", refund_seconds=0)
    charge = world.paid(2500, card="4000000000005126")
    refund = client.v1.refunds.create({"charge": charge.id})
    assert refund.status == "succeeded"
    world.tick()
    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    back = failed.failure_balance_transaction
    assert isinstance(back, stripe.BalanceTransaction)
    assert (back.type, back.net, back.source) == ("refund_failure", 2500, refund.id)
    assert world.available() == FLOAT + 2500 - 62
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    told = world.heard.wait("refund.failed")["data"]["object"]
    assert (told["id"], told["status"]) == (refund.id, "failed")


def test_a_pending_refund_goes_through_later(world: World, client: stripe.StripeClient) -> None:
    world.control("options", refund_seconds=0)
    charge = world.paid(2500, card="4000000000007726")
    refund = client.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    world.tick()
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert world.heard.wait("refund.updated")["data"]["previous_attributes"] == {"status": "pending"}


def test_a_pending_refund_can_be_made_to_fail_once(world: World, client: stripe.StripeClient) -> None:
    world.control("options", refund_seconds=1000)
    charge = world.paid(2500, card="4000000000007726")
    refund = client.v1.refunds.create({"charge": charge.id})
    assert world.control("fail_refund", refund=refund.id, reason="declined")["failure_reason"] == "declined"
    with pytest.raises(AssertionError, match="already failed"):
        world.control("fail_refund", refund=refund.id)
    assert world.available() == FLOAT + 2500 - 62


def test_a_refund_waits_for_money(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid(2500)
    client.v1.transfers.create({"amount": world.available(), "currency": "eur", "destination": world.payee()})
    refund = client.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    assert refund.balance_transaction is None
    world.tick()
    client.v1.topups.create({"amount": 2500, "currency": "eur"})
    world.tick()
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert world.available() == 0


def test_a_refund_waits_for_its_charge_to_be_booked(world: World, client: stripe.StripeClient) -> None:
    world.control("options", charges_pend=True)
    charge = world.paid(2500)
    refund = client.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "charge_pending")
    world.control("settle", charge=charge.id)
    world.tick()
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_a_refund_needs_something_to_refund(world: World, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        client.v1.refunds.create({"amount": 100})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": "ch_none"})
    assert refused.value.code == "resource_missing"
