"""Refunds through the gateway: asked once, found again, and each ending."""

from __future__ import annotations

import pytest

from bountyhub.integrations.stripe import client
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.ports.payments import RefundStatus
from tests.integrations.stripe.conftest import eur, paid
from tests.sandbox.stripe.world import World


def _intent(world: World, gateway: StripeGateway, card: str = "4242424242424242") -> str:
    capture = paid(world, gateway, card=card).capture
    assert capture is not None
    return capture.payment_intent


def test_a_refund_is_debited_and_done(world: World, gateway: StripeGateway) -> None:
    result = gateway.create_refund("rf1", _intent(world, gateway), eur(5275), "rf1")
    assert (result.reference, result.amount, result.status) == ("rf1", eur(5275), RefundStatus.SUCCEEDED)
    assert result.debit is not None and result.failure is None
    assert gateway.read_refund(result.id) == result


def test_parts_go_back_one_by_one_until_nothing_is_left(world: World, gateway: StripeGateway) -> None:
    intent = _intent(world, gateway)
    gateway.create_refund("rf1", intent, eur(5000), "rf1")
    with pytest.raises(OutsideRefused):
        gateway.create_refund("rf2", intent, eur(276), "rf2")
    assert gateway.create_refund("rf3", intent, eur(275), "rf3").status is RefundStatus.SUCCEEDED
    with pytest.raises(OutsideRefused) as refused:
        gateway.create_refund("rf4", intent, eur(1), "rf4")
    assert refused.value.code == "charge_already_refunded"


def test_the_same_key_refunds_once(world: World, gateway: StripeGateway) -> None:
    intent = _intent(world, gateway)
    first = gateway.create_refund("rf1", intent, eur(1000), "rf1")
    assert gateway.create_refund("rf1", intent, eur(1000), "rf1") == first
    assert gateway.balance("EUR") == eur(50000 + 5275 - 104 - 1000)


def test_a_lost_answer_is_found_by_our_reference(world: World, gateway: StripeGateway) -> None:
    intent = _intent(world, gateway)
    world.control("fail_next", path="/v1/refunds", fault="lost_answer")
    with pytest.raises(OutsideUnavailable):
        gateway.create_refund("rf1", intent, eur(1000), "rf1")
    found = gateway.find_refund("rf1", intent)
    assert found is not None and found.amount == eur(1000)
    assert gateway.create_refund("rf1", intent, eur(1000), "rf1") == found


def test_a_refund_never_asked_is_not_found(world: World, gateway: StripeGateway) -> None:
    intent = _intent(world, gateway)
    gateway.create_refund("rf1", intent, eur(1000), "rf1")
    assert gateway.find_refund("rf2", intent) is None


def test_a_refund_is_found_behind_pages_of_others(
    world: World, gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAGE", 3)
    intent = _intent(world, gateway)
    for number in range(7):
        gateway.create_refund(f"rf{number}", intent, eur(1), f"rf{number}")
    found = gateway.find_refund("rf0", intent)
    assert found is not None and found.reference == "rf0"


def test_a_refund_that_fails_later_brings_its_money_back(world: World, gateway: StripeGateway) -> None:
    intent = _intent(world, gateway, card="4000000000005126")
    asked = gateway.create_refund("rf1", intent, eur(1000), "rf1")
    assert asked.debit is not None and asked.failure is None
    world.control("fail_refund", refund=asked.id)
    failed = gateway.read_refund(asked.id)
    assert failed.status is RefundStatus.FAILED
    assert failed.debit == asked.debit
    assert failed.failure is not None and failed.failure != failed.debit
    assert failed.at >= asked.at


def test_a_pending_refund_is_pending(world: World, gateway: StripeGateway) -> None:
    intent = _intent(world, gateway, card="4000000000007726")
    assert gateway.create_refund("rf1", intent, eur(1000), "rf1").status is RefundStatus.PENDING


def test_an_unknown_refund_is_gone(gateway: StripeGateway) -> None:
    with pytest.raises(OutsideGone):
        gateway.read_refund("re_unknown")
