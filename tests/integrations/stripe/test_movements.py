"""The processor's own book through the gateway: what reconciliation compares with."""

from __future__ import annotations

import pytest

from bountyhub.integrations.stripe import client
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.ports.reconciliation import Movement
from tests.integrations.stripe.conftest import eur, paid, payee, piece
from tests.sandbox.stripe.world import World


def _loop(world: World, gateway: StripeGateway) -> None:
    """Paid, partly refunded, the rest transferred."""
    capture = paid(world, gateway).capture
    assert capture is not None
    gateway.create_refund("rf1", capture.payment_intent, eur(1000), "rf1")
    gateway.create_transfer(piece(payee(world, gateway), capture.charge, 4000), "tr1")


def _told(movement: Movement) -> tuple[str, int, int, str]:
    return movement.kind, movement.amount.amount, movement.fee.amount, movement.reference


def test_everything_that_moved_oldest_first(world: World, gateway: StripeGateway) -> None:
    _loop(world, gateway)
    assert [_told(each) for each in gateway.movements()] == [
        ("topup", 50000, 0, ""),
        ("charge", 5275, 104, "pay1"),
        ("refund", -1000, 0, "rf1"),
        ("transfer", -4000, 0, "tr1"),
    ]


def test_they_add_up_to_the_balance(world: World, gateway: StripeGateway) -> None:
    _loop(world, gateway)
    total = sum(each.amount.amount - each.fee.amount for each in gateway.movements())
    assert gateway.balance("EUR") == eur(total)


def test_funds_that_pend_are_in_the_balance(world: World, gateway: StripeGateway) -> None:
    world.control("options", funds_pend_days=7)
    paid(world, gateway)
    assert gateway.balance("EUR") == eur(50000 + 5275 - 104)
    assert gateway.balance("JPY").amount == 0


def test_only_what_came_after_one_already_seen(world: World, gateway: StripeGateway) -> None:
    _loop(world, gateway)
    everything = list(gateway.movements())
    assert list(gateway.movements(after=everything[1].id)) == everything[2:]
    assert list(gateway.movements(after=everything[-1].id)) == []


def test_only_one_kind(world: World, gateway: StripeGateway) -> None:
    _loop(world, gateway)
    (topup,) = gateway.movements(kind="topup")
    assert (topup.kind, topup.amount, topup.source[:3]) == ("topup", eur(50000), "tu_")


def test_many_pages_keep_their_order(world: World, gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAGE", 3)
    capture = paid(world, gateway).capture
    assert capture is not None
    for number in range(8):
        gateway.create_refund(f"rf{number}", capture.payment_intent, eur(1), f"rf{number}")
    everything = [each.reference for each in gateway.movements()]
    assert everything == ["", "pay1", *(f"rf{number}" for number in range(8))]
    first = next(gateway.movements())
    assert [each.reference for each in gateway.movements(after=first.id)] == everything[1:]
