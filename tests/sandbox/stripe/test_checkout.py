"""Checkout sessions through the API, and paying them by control call."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from tests.sandbox.stripe.world import World


def test_a_new_session_is_open_and_has_a_page(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 2500)
    assert session.url == f"{world.url}/pay/{session.id}"
    assert client.v1.checkout.sessions.retrieve(session.id).id == session.id


def test_a_session_keeps_to_one_currency(world: World) -> None:
    session = world.checkout(adaptive_pricing={"enabled": False})
    assert session.adaptive_pricing is not None and not session.adaptive_pricing.enabled


def test_a_paid_session_tells_all_down_to_the_fee(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout(2500, metadata={"intent": "k1"}, client_reference_id="task 7")
    world.control("pay", session=session.id)
    path = "payment_intent.latest_charge.balance_transaction"
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": [path, "line_items"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.metadata is not None and paid.metadata["intent"] == "k1"
    assert paid.client_reference_id == "task 7"
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    charge = paid.payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge) and charge.transfer_group == "task_7"
    booked = charge.balance_transaction
    assert isinstance(booked, stripe.BalanceTransaction)
    assert (booked.amount, booked.fee, booked.net, booked.type) == (2500, 62, 2438, "charge")
    assert booked.source == charge.id
    assert paid.line_items is not None and paid.line_items.data[0].description == "Task 7"


@pytest.mark.parametrize(
    ("currency", "card", "fee"),
    [
        ("eur", "4242424242424242", 25 + 15),
        ("eur", "4000003920000003", 25 + 32),
        ("usd", "4242424242424242", 30 + 29),
        ("gbp", "4242424242424242", 20 + 15),
        ("jpy", "4242424242424242", 36),
    ],
)
def test_the_fee_depends_on_currency_and_card(world: World, currency: str, card: str, fee: int) -> None:
    charge = world.paid(1000, currency, card)
    booked = world.client.v1.balance_transactions.retrieve(str(charge.balance_transaction))
    assert (booked.fee, booked.currency) == (fee, currency)


def test_an_asynchronous_capture_is_booked_later(world: World, client: stripe.StripeClient) -> None:
    world.control("options", async_seconds=0)
    session = world.checkout(payment_intent_data={})
    done = world.control("pay", session=session.id)["session"]
    charge = client.v1.charges.list({"payment_intent": done["payment_intent"]}).data[0]
    assert charge.balance_transaction is None and charge.paid
    world.tick()
    assert client.v1.charges.retrieve(charge.id).balance_transaction is not None
    told = world.heard.wait("charge.updated")
    assert told["data"]["previous_attributes"] == {"balance_transaction": None}


def test_charges_pend_until_the_switch_is_off(world: World, client: stripe.StripeClient) -> None:
    world.control("options", charges_pend=True)
    charge = world.paid()
    world.tick()
    assert client.v1.charges.retrieve(charge.id).balance_transaction is None
    world.control("options", charges_pend=False)
    world.tick()
    assert client.v1.charges.retrieve(charge.id).balance_transaction is not None


def test_a_declined_card_leaves_the_session_open(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    answer = world.control("pay", session=session.id, card="4000000000000002")
    assert (answer["outcome"], answer["session"]["status"]) == ("declined", "open")
    failed = world.heard.wait("payment_intent.payment_failed")["data"]["object"]
    assert failed["last_payment_error"]["decline_code"] == "generic_decline"
    assert failed["status"] == "requires_payment_method"
    assert world.control("pay", session=session.id)["outcome"] == "paid"
    charges = client.v1.charges.list({"payment_intent": failed["id"]}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


def test_a_session_is_paid_once(world: World) -> None:
    session = world.checkout()
    world.control("pay", session=session.id)
    with pytest.raises(AssertionError, match="complete"):
        world.control("pay", session=session.id)
    assert len(world.client.v1.charges.list().data) == 1


def test_a_session_ends_when_its_time_is_over(
    world: World, client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = world.checkout(expires_at=int(time.time()) + 1800)
    later = int(time.time()) + 1801
    monkeypatch.setattr(type(world.sandbox.clock), "real", lambda clock: later)
    world.tick()
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert world.heard.wait("checkout.session.expired")["data"]["object"]["id"] == session.id


def test_moved_time_does_not_end_a_session(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    world.sandbox.clock.advance(30)
    world.tick()
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_session_can_be_expired_once(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="status of `expired`"):
        client.v1.checkout.sessions.expire(session.id)


def test_another_amount_can_be_reported(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout(2500)
    world.control("pay", session=session.id, amount=2400, currency="usd")
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.amount_total, paid.currency) == (2400, "usd")
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)
    assert (paid.payment_intent.amount_received, paid.payment_intent.currency) == (2400, "usd")


@pytest.mark.nonsense
@pytest.mark.parametrize(
    ("more", "param", "code"),
    [
        ({"expires_at": 1}, "expires_at", None),
        ({"customer_email": "nobody"}, "customer_email", "email_invalid"),
        ({"success_url": "thanks"}, "success_url", "url_invalid"),
        ({"mode": "subscription"}, "mode", None),
        ({"line_items": []}, "line_items", "parameter_missing"),
        ({"surprise": "x"}, "surprise", "parameter_unknown"),
        ({"payment_intent_data": {"hue": "red"}}, "payment_intent_data[hue]", "parameter_unknown"),
        ({"metadata": {"k" * 41: "v"}}, f"metadata[{'k' * 41}]", None),
    ],
)
def test_wrong_parameters_are_refused(world: World, more: dict[str, Any], param: str, code: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        world.checkout(**more)
    assert (refused.value.http_status, refused.value.param, refused.value.code) == (400, param, code)


@pytest.mark.parametrize(("amount", "code"), [(49, "amount_too_small"), (100_000_000, "amount_too_large")])
def test_amounts_have_limits(world: World, amount: int, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        world.checkout(amount)
    assert refused.value.code == code


def test_sessions_are_listed_by_what_they_are(world: World, client: stripe.StripeClient) -> None:
    paid, unpaid = world.checkout(), world.checkout()
    intent = world.control("pay", session=paid.id)["session"]["payment_intent"]
    listed = client.v1.checkout.sessions.list({"payment_intent": intent}).data
    assert [each.id for each in listed] == [paid.id]
    assert [each.id for each in client.v1.checkout.sessions.list({"status": "open"}).data] == [unpaid.id]
