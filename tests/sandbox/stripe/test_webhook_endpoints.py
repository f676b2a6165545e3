"""Webhook endpoints: who hears what, at which version, signed with which secrets."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stripe.world import World

TOP_UP: Any = {"amount": 100, "currency": "eur"}


def make(world: World, *events: str, **more: Any) -> stripe.WebhookEndpoint:
    target = world.sandbox.config.app_url + "/webhooks/stripe"
    params: Any = {"url": target, "enabled_events": list(events)} | more
    return world.client.v1.webhook_endpoints.create(params)


def signed_by(world: World, secret: str | None) -> bool:
    headers, body = world.heard.requests[-1]
    try:
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], str(secret))
    except stripe.SignatureVerificationError:
        return False
    return True


@pytest.fixture(autouse=True)
def begun(world: World) -> None:
    world.heard.wait("topup.succeeded")
    world.heard.requests.clear()


def test_it_hears_only_what_it_asked_for_signed_with_its_secret(world: World) -> None:
    endpoint = make(world, "topup.succeeded")
    world.client.v1.topups.create(TOP_UP)
    world.heard.wait("topup.succeeded")
    assert world.heard.types() == ["topup.succeeded"]
    assert signed_by(world, endpoint.secret)


def test_the_secret_is_told_once(world: World) -> None:
    endpoint = make(world, "*", description="all", metadata={"a": "b"}, api_version=stripe.api_version)
    again = world.client.v1.webhook_endpoints.retrieve(endpoint.id)
    assert endpoint.secret is not None and "secret" not in again.to_dict()
    assert (again.status, again.api_version, again.metadata.to_dict()) == ("enabled", stripe.api_version, {"a": "b"})
    assert [each.id for each in world.client.v1.webhook_endpoints.list().data] == [endpoint.id]


def test_one_switched_off_or_deleted_hears_nothing(world: World) -> None:
    off, gone = make(world, "*"), make(world, "*")
    world.client.v1.webhook_endpoints.update(off.id, {"disabled": True})
    world.client.v1.topups.create(TOP_UP)
    world.heard.wait("topup.succeeded")
    assert signed_by(world, gone.secret)
    assert world.client.v1.webhook_endpoints.delete(gone.id).deleted
    on = world.client.v1.webhook_endpoints.update(off.id, {"disabled": False, "enabled_events": ["topup.created"]})
    assert (on.status, on.enabled_events) == ("enabled", ["topup.created"])
    world.heard.requests.clear()
    world.client.v1.topups.create(TOP_UP)
    world.heard.wait("topup.created")
    assert signed_by(world, off.secret)


def test_accounts_are_told_to_connect_endpoints_alone(world: World) -> None:
    platform, connect = make(world, "*"), make(world, "*", connect=True)
    world.payee()
    world.heard.wait("account.updated")
    assert signed_by(world, connect.secret) and not signed_by(world, platform.secret)


def test_while_a_secret_is_rolled_both_sign(world: World) -> None:
    endpoint = make(world, "topup.succeeded")
    new = world.control("roll_secret", endpoint=endpoint.id)["secret"]
    world.client.v1.topups.create(TOP_UP)
    world.heard.wait("topup.succeeded")
    assert signed_by(world, endpoint.secret) and signed_by(world, new)


@pytest.mark.nonsense
@pytest.mark.parametrize(
    ("params", "param"),
    [({"enabled_events": ["*"]}, "url"), ({"url": "http://a.test/"}, "enabled_events"),
     ({"url": "http://a.test/", "enabled_events": ["*"], "api_version": "2020-08-27"}, "api_version")],
)  # fmt: skip
def test_what_is_missing_or_not_spoken_is_refused(world: World, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        world.client.v1.webhook_endpoints.create(params)
    assert refused.value.param == param


def test_none_of_that_id(world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        world.client.v1.webhook_endpoints.delete("we_none")
    answer = requests.post(f"{world.url}/control/roll_secret", json={"endpoint": "we_none"}, timeout=10)
    assert answer.status_code == 404
