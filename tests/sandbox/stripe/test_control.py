"""Control endpoints: faults planted on the balance, the reset, and refusals of nonsense."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stripe.world import World


def total(client: stripe.StripeClient) -> int:
    return sum(each.net for each in client.v1.balance_transactions.list({"limit": 100}).auto_paging_iter())


def test_a_lost_transfer_is_missing_from_the_balance(world: World, client: stripe.StripeClient) -> None:
    transfer = client.v1.transfers.create({"amount": 300, "currency": "eur", "destination": world.payee()})
    before = total(client)
    world.control("lose_transfer")
    assert (total(client), world.available()) == (before + 300, 50_000)
    assert client.v1.transfers.retrieve(transfer.id).amount == 300
    assert client.v1.balance_transactions.list({"type": "transfer"}).data == []


def test_a_double_refund_is_taken_twice(world: World, client: stripe.StripeClient) -> None:
    refund = client.v1.refunds.create({"charge": world.paid().id})
    before = total(client)
    extra = world.control("double_refund", refund=refund.id)
    assert total(client) == before - 2500
    assert len(client.v1.balance_transactions.list({"type": "refund"}).data) == 2
    assert extra["id"] != refund.id
    last = client.v1.refunds.create({"charge": world.paid().id})
    world.heard.wait("refund.created", 2)
    told = [event["data"]["object"]["id"] for event in world.heard.events() if event["type"] == "refund.created"]
    assert told == [refund.id, last.id]


def test_a_cent_can_be_off(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid()
    before = total(client)
    world.control("cent_off")
    assert total(client) == before - 1
    changed = client.v1.balance_transactions.retrieve(str(charge.balance_transaction))
    assert (changed.amount, changed.net, changed.fee) == (2499, 2437, 62)


def test_a_reset_begins_again(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid()
    client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"})
    world.control("reset")
    assert [each.type for each in client.v1.balance_transactions.list().data] == ["topup"]
    assert client.v1.charges.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such charge"):
        client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"})


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("nothing", {}, 404),
        ("pay", {}, 400),
        ("pay", {"session": "cs_test_none"}, 404),
        ("pay", {"session": 5}, 400),
        ("pay", {"session": "x", "amount": 0}, 400),
        ("pay", {"session": "x", "currency": "xyz"}, 400),
        ("pay", {"session": "x", "colour": "red"}, 400),
        ("options", {"colour": True}, 400),
        ("options", {"charges_pend": 1}, 400),
        ("options", {"funds_pend_days": -1}, 400),
        ("fail_next", {"path": "/v1/topups", "fault": "fire"}, 400),
        ("complete_onboarding", {"account": "acct_none"}, 404),
        ("complete_onboarding", {"account": "acct_none", "ending": "well"}, 400),
        ("lose_transfer", {}, 404),
        ("resend", {"event": "evt_none"}, 404),
        ("reset", [], 400),
    ],
)
def test_nonsense_is_refused(world: World, name: str, body: Any, status: int) -> None:
    answer = requests.post(f"{world.url}/control/{name}", json=body, timeout=10)
    assert (answer.status_code, "error" in answer.json()) == (status, True)


def test_the_challenge_can_be_answered_either_way(world: World) -> None:
    session = world.checkout()
    hard = "4000002760003184"
    assert world.control("pay", session=session.id, card=hard, authenticated=False)["outcome"] == "declined"
    assert world.control("pay", session=session.id, card=hard)["outcome"] == "paid"


def test_a_session_can_be_expired_by_control(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    world.control("expire", session=session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
