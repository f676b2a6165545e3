"""Events and the signed webhooks that carry them, with the switches that hold, repeat and reorder them."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.stripe.world import SECRET, World


def test_webhooks_are_signed_and_told_in_order(world: World) -> None:
    world.paid()
    world.heard.wait("checkout.session.completed")
    assert world.heard.types() == [
        "topup.created",
        "topup.succeeded",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    for headers, body in world.heard.requests:
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
        assert event.api_version == stripe.api_version


def test_an_event_shows_the_object_without_private_parts(world: World) -> None:
    world.paid()
    told = world.heard.wait("checkout.session.completed")["data"]["object"]
    assert (told["object"], told["payment_status"]) == ("checkout.session", "paid")
    assert not [name for name in told if name.startswith("_")]
    assert isinstance(told["payment_intent"], str)


def test_an_event_names_the_request_that_caused_it(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid()
    client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"})
    request = world.heard.wait("refund.created")["request"]
    assert request["idempotency_key"] == "r1" and request["id"].startswith("req_")


def test_events_can_be_listed_and_read_again(world: World, client: stripe.StripeClient) -> None:
    world.paid()
    told = world.heard.wait("charge.succeeded")
    assert client.v1.events.retrieve(told["id"]).type == "charge.succeeded"
    assert [each.type for each in client.v1.events.list({"type": "charge.*"}).data] == ["charge.succeeded"]
    both = client.v1.events.list({"types": ["charge.succeeded", "topup.succeeded"]}).data
    assert [each.type for each in both] == ["charge.succeeded", "topup.succeeded"]


def test_a_refused_webhook_comes_again(world: World) -> None:
    world.heard.wait("topup.succeeded")
    world.heard.refuse = 2
    world.paid()
    world.heard.wait("checkout.session.completed")
    world.heard.wait("charge.succeeded")
    world.heard.wait("payment_intent.created")
    assert len(world.heard.types()) == 6


def test_paused_webhooks_wait(world: World) -> None:
    world.heard.wait("topup.succeeded")
    world.control("options", webhooks_paused=True)
    world.paid()
    assert world.sandbox.sender.idle()
    assert "charge.succeeded" not in world.heard.types()
    world.control("options", webhooks_paused=False)
    world.heard.wait("checkout.session.completed")


def test_webhooks_can_come_twice_and_backwards(world: World) -> None:
    world.heard.wait("topup.succeeded")
    world.control("options", duplicate_webhooks=True, reorder_webhooks=True)
    world.paid()
    world.heard.wait("payment_intent.created", 2)
    assert world.heard.types()[2:] == [
        type
        for type in (
            "checkout.session.completed",
            "payment_intent.succeeded",
            "charge.succeeded",
            "payment_intent.created",
        )
        for _ in range(2)
    ]
    assert len({event["id"] for event in world.heard.events()[2:]}) == 4


def test_an_event_can_be_sent_again(world: World) -> None:
    told = world.heard.wait("topup.succeeded")
    world.control("resend", event=told["id"])
    world.heard.wait("topup.succeeded", 2)
    assert world.heard.events()[-1] == told


def test_nothing_is_told_of_what_was_refused(world: World, client: stripe.StripeClient) -> None:
    world.heard.wait("topup.succeeded")
    payee = world.payee()
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.create({"amount": 10**6, "currency": "eur", "destination": payee})
    assert {each.type for each in client.v1.events.list().data} == {
        "topup.created",
        "topup.succeeded",
        "account.updated",
        "account.external_account.created",
    }
