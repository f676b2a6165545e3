"""Checkouts through the gateway: what is asked, and what each ending looks like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit.money import Money
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.payments import CheckoutStatus, PaymentGateway
from tests.integrations.stripe.conftest import eur, order, paid
from tests.sandbox.stripe.world import World


def test_it_is_a_payment_gateway(gateway: StripeGateway) -> None:
    port: PaymentGateway = gateway
    assert isinstance(port, PaymentGateway)


def test_an_open_checkout_has_an_address_and_no_money(gateway: StripeGateway) -> None:
    made = gateway.create_checkout(order(), "pay1")
    assert (made.status, made.reference, made.capture) == (CheckoutStatus.OPEN, "pay1", None)
    assert made.url is not None and made.url.startswith("http")
    assert gateway.read_checkout(made.id) == made


def test_the_payer_sees_what_is_held_and_what_is_the_fee(world: World, gateway: StripeGateway) -> None:
    asked = order()
    made = gateway.create_checkout(asked, "pay1")
    session = world.client.v1.checkout.sessions.retrieve(made.id, {"expand": ["line_items"]})
    assert session.line_items is not None
    lines = [(line.description, line.amount_total) for line in session.line_items.data]
    assert lines == [("Held for the task: Task 7: issue #42", 5000), ("Service fee", 275)]
    assert session.amount_total == 5275
    assert session.customer_email == "cleo@example.org"
    assert session.client_reference_id == "pay1"
    assert session.expires_at == asked.expires_at.timestamp()
    assert session.adaptive_pricing is not None and session.adaptive_pricing.enabled is False


def test_our_reference_and_the_task_travel_down_to_the_charge(world: World, gateway: StripeGateway) -> None:
    capture = paid(world, gateway).capture
    assert capture is not None
    charge = world.client.v1.charges.retrieve(capture.charge)
    assert charge.metadata["reference"] == "pay1"
    assert charge.transfer_group == "task-7"


def test_without_a_fee_there_is_one_line(world: World, gateway: StripeGateway) -> None:
    made = gateway.create_checkout(order(fee=0), "pay1")
    session = world.client.v1.checkout.sessions.retrieve(made.id, {"expand": ["line_items"]})
    assert session.line_items is not None
    assert [line.amount_total for line in session.line_items.data] == [5000]


def test_a_long_title_is_cut(world: World, gateway: StripeGateway) -> None:
    made = gateway.create_checkout(replace(order(), title="x" * 1000 + "\n"), "pay1")
    session = world.client.v1.checkout.sessions.retrieve(made.id, {"expand": ["line_items"]})
    assert session.line_items is not None
    name = session.line_items.data[0].description
    assert name is not None and len(name) == 250 and name.endswith("x…")


def test_a_paid_checkout_tells_what_arrived_and_what_it_cost(world: World, gateway: StripeGateway) -> None:
    done = paid(world, gateway)
    assert (done.status, done.url) == (CheckoutStatus.PAID, None)
    capture = done.capture
    assert capture is not None
    assert capture.received == eur(5275)
    assert capture.cost == eur(104)
    assert capture.balance_transaction.startswith("txn_")
    assert capture.available_on >= capture.at
    assert capture.at.tzinfo is not None
    assert gateway.read_payment(capture.payment_intent) == capture


def test_what_was_reported_counts_not_what_was_asked(world: World, gateway: StripeGateway) -> None:
    made = gateway.create_checkout(order(), "pay1")
    world.control("pay", session=made.id, amount=100, currency="usd")
    capture = gateway.read_checkout(made.id).capture
    assert capture is not None and capture.received == Money(100, "USD")


def test_a_declined_card_leaves_the_checkout_open(world: World, gateway: StripeGateway) -> None:
    made = gateway.create_checkout(order(), "pay1")
    world.control("pay", session=made.id, card="4000000000000002")
    after = gateway.read_checkout(made.id)
    assert (after.status, after.capture) == (CheckoutStatus.OPEN, None)
    assert after.url == made.url


def test_a_capture_without_a_book_entry_is_settling(world: World, gateway: StripeGateway) -> None:
    world.control("options", charges_pend=True)
    waiting = paid(world, gateway)
    assert (waiting.status, waiting.capture) == (CheckoutStatus.SETTLING, None)
    (charge,) = world.client.v1.charges.list().data
    assert gateway.read_payment(str(charge.payment_intent)) is None
    world.control("settle")
    settled = gateway.read_checkout(waiting.id)
    assert settled.status is CheckoutStatus.PAID and settled.capture is not None


def test_closing_an_open_checkout_ends_it(gateway: StripeGateway) -> None:
    made = gateway.create_checkout(order(), "pay1")
    ended = gateway.expire_checkout(made.id)
    assert (ended.status, ended.url) == (CheckoutStatus.EXPIRED, None)
    assert gateway.expire_checkout(made.id) == ended


def test_closing_one_that_was_paid_meanwhile_shows_the_money(world: World, gateway: StripeGateway) -> None:
    done = paid(world, gateway)
    assert gateway.expire_checkout(done.id) == done


def test_every_card_refused_for_a_payment_is_told_once_with_its_number(world: World, gateway: StripeGateway) -> None:
    made = gateway.create_checkout(order(), "pay1")
    for card in ("4000000000000002", "4000000000000002", "4000000000009995"):
        world.control("pay", session=made.id, card=card)
    done = world.control("pay", session=made.id)["session"]
    last, middle, first = gateway.read_declines(done["payment_intent"])
    assert len({first.id, middle.id, last.id}) == 3
    assert first.card == middle.card != last.card


def test_the_same_key_asks_once(world: World, gateway: StripeGateway) -> None:
    asked = order()
    assert gateway.create_checkout(asked, "k") == gateway.create_checkout(asked, "k")
    assert len(world.client.v1.checkout.sessions.list().data) == 1


def test_the_same_key_for_something_else_is_refused(gateway: StripeGateway) -> None:
    gateway.create_checkout(order(), "k")
    with pytest.raises(OutsideRefused) as refused:
        gateway.create_checkout(order(amount=6000), "k")
    assert refused.value.code == "idempotency_error"


def test_an_unknown_checkout_is_gone(gateway: StripeGateway) -> None:
    with pytest.raises(OutsideGone):
        gateway.read_checkout("cs_test_unknown")


def test_an_amount_stripe_does_not_take_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(OutsideRefused) as refused:
        gateway.create_checkout(order(amount=1, fee=0), "k")
    assert refused.value.code == "amount_too_small"
