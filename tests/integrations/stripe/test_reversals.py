"""Transfers taken back through the gateway: once for a key, found again by our reference, refused where it is empty."""

from __future__ import annotations

import pytest

from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.payments import TransferOrder, TransferResult
from bountyhub.ports.reversals import ReversalOrder
from tests.integrations.stripe.conftest import eur, paid
from tests.sandbox.stripe.world import World


def sent(world: World, gateway: StripeGateway) -> tuple[str, TransferResult]:
    """A payee's account, and 20 € that reached it."""
    capture, payee = paid(world, gateway).capture, world.payee()
    assert capture is not None
    order = TransferOrder("tr1", eur(2000), payee, capture.charge, "task-1")
    return payee, gateway.create_transfer(order, "tr1")


def test_it_is_taken_back_once_for_a_key(world: World, gateway: StripeGateway) -> None:
    _, transfer = sent(world, gateway)
    order = ReversalOrder("rv1", transfer.id, eur(2000))
    first = gateway.reverse_transfer(order, "rv1")
    assert (first.reference, first.reversed, [each.amount for each in first.reversals]) == ("tr1", 2000, [eur(2000)])
    assert gateway.reverse_transfer(order, "rv1") == first == gateway.read_transfer(transfer.id)


def test_a_lost_answer_is_found_by_our_reference(world: World, gateway: StripeGateway) -> None:
    _, transfer = sent(world, gateway)
    assert gateway.find_reversal(transfer.id, "rv1") is None
    world.control("fail_next", path=f"/v1/transfers/{transfer.id}/reversals", fault="lost_answer")
    with pytest.raises(OutsideUnavailable):
        gateway.reverse_transfer(ReversalOrder("rv1", transfer.id, eur(500)), "rv1")
    found = gateway.find_reversal(transfer.id, "rv1")
    assert found is not None and found.reversed == 500
    assert gateway.find_reversal(transfer.id, "rv2") is None


def test_an_empty_account_refuses(world: World, gateway: StripeGateway) -> None:
    payee, transfer = sent(world, gateway)
    world.control("pay_out_account", account=payee)
    with pytest.raises(OutsideRefused) as refused:
        gateway.reverse_transfer(ReversalOrder("rv1", transfer.id, eur(2000)), "rv1")
    assert refused.value.code == "balance_insufficient"
