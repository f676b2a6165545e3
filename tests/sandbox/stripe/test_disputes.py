"""Disputes and fraud warnings: what leaves the balance, what comes back, who is told, and how they are answered."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.stripe.world import World

FLOAT, COST = 50_000, 62


def disputed(world: World, **how: object) -> tuple[stripe.Charge, stripe.Dispute]:
    charge = world.paid(2500)
    return charge, world.client.v1.disputes.retrieve(world.control("dispute", charge=charge.id, **how)["id"])


def test_a_charge_back_takes_amount_and_fee_at_once(world: World) -> None:
    charge, dispute = disputed(world)
    assert (dispute.status, dispute.amount, dispute.charge) == ("needs_response", 2500, charge.id)
    (taken,) = dispute.balance_transactions
    assert (taken.type, taken.amount, taken.fee, taken.reporting_category) == ("adjustment", -2500, 1500, "dispute")
    assert world.available() == FLOAT - COST - 1500
    assert world.client.v1.charges.retrieve(charge.id).disputed
    world.heard.wait("charge.dispute.funds_withdrawn")
    assert "charge.dispute.created" in world.heard.types()


@pytest.mark.parametrize(("ending", "status", "left"), [("win", "won", 2500), ("lose", "lost", 0)])
def test_a_dispute_ends(world: World, ending: str, status: str, left: int) -> None:
    _, dispute = disputed(world)
    world.control(f"{ending}_dispute", dispute=dispute.id)
    ended = world.client.v1.disputes.retrieve(dispute.id)
    assert (ended.status, len(ended.balance_transactions)) == (status, 2 if left else 1)
    assert world.available() == FLOAT - COST - 1500 + left
    world.heard.wait("charge.dispute.closed")
    if left:
        world.heard.wait("charge.dispute.funds_reinstated")


def test_an_inquiry_moves_no_money_until_it_becomes_a_charge_back(world: World) -> None:
    _, dispute = disputed(world, inquiry=True)
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
    assert world.available() == FLOAT + 2500 - COST
    world.control("escalate_dispute", dispute=dispute.id)
    assert world.client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    assert world.available() == FLOAT - COST - 1500


def test_an_inquiry_is_closed(world: World) -> None:
    _, dispute = disputed(world, inquiry=True)
    world.control("win_dispute", dispute=dispute.id)
    assert world.client.v1.disputes.retrieve(dispute.id).status == "warning_closed"


def test_evidence_is_staged_and_then_submitted_once(world: World, client: stripe.StripeClient) -> None:
    _, dispute = disputed(world)
    staged = client.v1.disputes.update(dispute.id, {"evidence": {"product_description": "work"}, "submit": False})
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    sent = client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "all of it"}, "submit": True})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    with pytest.raises(stripe.InvalidRequestError, match="already submitted"):
        client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "more"}, "submit": True})


@pytest.mark.parametrize(("word", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_the_magic_words_decide(world: World, client: stripe.StripeClient, word: str, status: str) -> None:
    _, dispute = disputed(world)
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": word}, "submit": True})
    world.tick()
    assert client.v1.disputes.retrieve(dispute.id).status == status


def test_a_dispute_given_up_is_lost_and_can_t_be_answered(world: World, client: stripe.StripeClient) -> None:
    _, dispute = disputed(world)
    assert client.v1.disputes.close(dispute.id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already lost"):
        client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "late"}})


def test_a_part_can_be_disputed_and_a_charge_twice(world: World, client: stripe.StripeClient) -> None:
    charge, _ = disputed(world, amount=1000)
    world.control("dispute", charge=charge.id, amount=500)
    assert [each.amount for each in client.v1.disputes.list({"charge": charge.id}).data] == [500, 1000]


def test_a_disputed_charge_is_not_refunded(world: World, client: stripe.StripeClient) -> None:
    charge, _ = disputed(world)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_disputed"


def test_a_status_nobody_knows_can_be_had(world: World, client: stripe.StripeClient) -> None:
    _, dispute = disputed(world, inquiry=True)
    world.control("dispute_status", dispute=dispute.id, status="prevented")
    assert client.v1.disputes.retrieve(dispute.id).status == "prevented"


@pytest.mark.parametrize(
    ("card", "event"),
    [
        ("4000000000000259", "charge.dispute.funds_withdrawn"),
        ("4000000000001976", "charge.dispute.created"),
        ("4000000000005423", "radar.early_fraud_warning.created"),
    ],
)
def test_cards_that_are_disputed_by_themselves(world: World, card: str, event: str) -> None:
    world.paid(2500, card=card)
    world.tick()
    world.heard.wait(event)


def test_a_warning_is_settled_by_a_refund_in_full(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid(2500)
    warning = world.control("fraud_warning", charge=charge.id)
    client.v1.refunds.create({"charge": charge.id, "amount": 500})
    assert client.v1.radar.early_fraud_warnings.retrieve(warning["id"]).actionable
    client.v1.refunds.create({"charge": charge.id})
    listed = client.v1.radar.early_fraud_warnings.list({"charge": charge.id}).data
    assert [(each.id, each.actionable) for each in listed] == [(warning["id"], False)]
