"""The client under load: threads share one gateway, and one key at the same moment is one effect."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.payments import RefundResult
from tests.integrations.stripe.conftest import eur, order, paid
from tests.sandbox.stripe.world import World

THREADS = 8


def test_threads_share_a_gateway_without_mixing_answers(gateway: StripeGateway) -> None:
    references = [f"pay{number}" for number in range(24)]
    with ThreadPoolExecutor(THREADS) as pool:
        made = list(pool.map(lambda ref: gateway.create_checkout(order(ref), ref), references))
        read = list(pool.map(lambda checkout: gateway.read_checkout(checkout.id), made))
    assert [checkout.reference for checkout in read] == references
    assert read == made


def test_one_key_in_eight_threads_at_once_is_one_refund(world: World, gateway: StripeGateway) -> None:
    capture = paid(world, gateway).capture
    assert capture is not None
    intent = capture.payment_intent

    def ask(_: int) -> RefundResult | None:
        try:
            return gateway.create_refund("rf1", intent, eur(1000), "rf1")
        except OutsideUnavailable:  # the first is still running: the job would come again
            return None

    with ThreadPoolExecutor(THREADS) as pool:
        answers = {result for result in pool.map(ask, range(THREADS)) if result is not None}
    assert len(answers) == 1
    assert gateway.balance("EUR") == eur(50000 + 5275 - 104 - 1000)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert gateway.balance("EUR") == eur(50000)
