"""Saving cards and charging them later, through the real gateway and the stand-in: every test card's story."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit import clock, ids
from bountyhub.kit.money import Money
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.promises import CardOrder, CardPage, CardPageStatus, ChargeOrder, ChargeStatus, SavedCard
from tests.sandbox.stripe.world import World

FINE, ONCE, ALWAYS = "4242424242424242", "4000002500003155", "4000002760003184"
LATER_NO, POOR, NO = "4000000000000341", "4000000000009995", "4000000000000002"
EUR50 = Money(5275, "EUR")


def page(gateway: StripeGateway) -> CardPage:
    reference, until = ids.new_ref(), clock.real_now() + timedelta(minutes=40)
    order = CardOrder(
        reference, "Dark mode (ana/editor #7)", "I agree that 52.75 EUR are charged when it is merged.", "EUR",
        "cleo@example.org", "http://app.test/promised", "http://app.test/task", until,
    )  # fmt: skip
    return gateway.open_card_page(order, reference)


def saved(world: World, gateway: StripeGateway, card: str = FINE) -> SavedCard:
    opened = page(gateway)
    world.control("pay", session=opened.id, card=card)
    found = gateway.read_card_page(opened.id).card
    assert found is not None
    return found


def order(card: SavedCard, reference: str = "") -> ChargeOrder:
    return ChargeOrder(reference or ids.new_ref(), EUR50, card, "Dark mode", "task-7")


def test_a_card_is_saved_and_nothing_is_charged(world: World, gateway: StripeGateway) -> None:
    before, opened = world.available(), page(gateway)
    assert (opened.status, opened.card) == (CardPageStatus.OPEN, None)
    world.control("pay", session=opened.id)
    now = gateway.read_card_page(opened.id)
    assert (now.status, now.url, now.reference) == (CardPageStatus.SAVED, None, opened.reference)
    assert now.card is not None and now.card.label == "Visa •••• 4242"
    assert world.available() == before
    assert {"setup_intent.created", "setup_intent.succeeded", "payment_method.attached", "customer.created"} <= {
        event.type for event in gateway._v1.events.list({"limit": 50}).data
    }


def test_the_hosted_page_says_that_nothing_is_charged(world: World, gateway: StripeGateway) -> None:
    opened = page(gateway)
    assert opened.url is not None
    text = requests.get(opened.url, timeout=10).text
    assert "Nothing is charged now" in text and "charged when it is merged" in text
    done = requests.post(opened.url, data={"number": FINE}, timeout=10, allow_redirects=False)
    assert done.headers["Location"] == "http://app.test/promised"


def test_a_card_that_asks_for_its_owner_is_saved_once_they_answered(world: World, gateway: StripeGateway) -> None:
    opened = page(gateway)
    assert opened.url is not None
    asked = requests.post(opened.url, data={"number": ONCE}, timeout=10)
    assert "may this card be saved?" in asked.text
    requests.post(asked.url, data={"answer": "complete"}, timeout=10, allow_redirects=False)
    assert gateway.read_card_page(opened.id).status is CardPageStatus.SAVED


@pytest.mark.parametrize(("card", "authenticated"), [(POOR, True), (ONCE, False)])
def test_a_card_that_is_refused_is_not_saved(
    world: World, gateway: StripeGateway, card: str, authenticated: bool
) -> None:
    opened = page(gateway)
    told = world.control("pay", session=opened.id, card=card, authenticated=authenticated)
    assert told["outcome"] == "declined"
    assert gateway.read_card_page(opened.id).status is CardPageStatus.OPEN
    world.heard.wait("setup_intent.setup_failed")


def test_every_card_refused_on_a_page_is_told_once_with_its_number(world: World, gateway: StripeGateway) -> None:
    opened = page(gateway)
    for card in (POOR, POOR, NO, FINE):
        world.control("pay", session=opened.id, card=card)
    failed = world.heard.wait("setup_intent.setup_failed")["data"]["object"]
    last, middle, first = gateway.read_card_declines(failed["id"])
    assert len({first.id, middle.id, last.id}) == 3
    assert first.card == middle.card != last.card
    assert gateway.read_card_declines(failed["id"]) == [last, middle, first]


def test_a_page_whose_time_is_over_saves_nothing(world: World, gateway: StripeGateway) -> None:
    opened = page(gateway)
    assert gateway.expire_card_page(opened.id).status is CardPageStatus.EXPIRED
    assert gateway.expire_card_page(opened.id).status is CardPageStatus.EXPIRED
    world.heard.wait("setup_intent.canceled")


def test_a_page_closed_after_its_card_was_saved_says_so(world: World, gateway: StripeGateway) -> None:
    opened = page(gateway)
    world.control("pay", session=opened.id)
    assert gateway.expire_card_page(opened.id).status is CardPageStatus.SAVED


@pytest.mark.parametrize("card", [FINE, ONCE])
def test_a_saved_card_is_charged_while_nobody_is_there(world: World, gateway: StripeGateway, card: str) -> None:
    asked = order(saved(world, gateway, card))
    done = gateway.charge_card(asked, asked.reference)
    assert (done.status, done.reference) == (ChargeStatus.PAID, asked.reference)
    assert done.capture is not None and done.capture.received == EUR50
    assert gateway.read_payment(done.payment_intent) == done.capture


def test_the_same_charge_asked_twice_is_made_once(world: World, gateway: StripeGateway) -> None:
    asked, before = order(saved(world, gateway)), world.available()
    first, second = (gateway.charge_card(asked, asked.reference) for _ in range(2))
    assert first == second
    assert first.capture is not None
    assert world.available() - before == EUR50.amount - first.capture.cost.amount


def test_a_declined_charge_is_an_answer_and_stays(world: World, gateway: StripeGateway) -> None:
    asked = order(saved(world, gateway, LATER_NO))
    done = gateway.charge_card(asked, asked.reference)
    assert (done.status, done.capture, done.why) == (ChargeStatus.DECLINED, None, "generic_decline")
    assert gateway.charge_card(asked, asked.reference) == done
    assert gateway.find_charge(asked.reference, asked.card.customer) == done
    world.heard.wait("payment_intent.payment_failed")


def test_a_bank_that_wants_the_owner_is_answered_by_the_owner(world: World, gateway: StripeGateway) -> None:
    asked = order(saved(world, gateway, ALWAYS))
    refused = gateway.charge_card(asked, asked.reference)
    assert (refused.status, refused.url) == (ChargeStatus.NEEDS_OWNER, None)
    sent = gateway.authenticate(refused.payment_intent, asked.card.payment_method, "http://app.test/back?x=1")
    assert sent.status is ChargeStatus.NEEDS_OWNER and sent.url is not None
    assert "do you pay €52.75?" in requests.get(sent.url, timeout=10).text
    back = requests.post(sent.url, data={"answer": "complete"}, timeout=10, allow_redirects=False)
    assert back.headers["Location"].startswith("http://app.test/back?x=1&payment_intent=pi_")
    assert gateway.read_charge(refused.payment_intent).status is ChargeStatus.PAID
    assert requests.post(sent.url, data={"answer": "complete"}, timeout=10).status_code == 404
    again = gateway.authenticate(refused.payment_intent, asked.card.payment_method, "http://app.test/back")
    assert again.status is ChargeStatus.PAID


def test_an_owner_who_says_no_may_try_again(world: World, gateway: StripeGateway) -> None:
    asked = order(saved(world, gateway, ALWAYS))
    intent = gateway.charge_card(asked, asked.reference).payment_intent
    for _ in range(2):
        sent = gateway.authenticate(intent, asked.card.payment_method, "http://app.test/back")
        assert sent.url is not None
        requests.post(sent.url, data={"answer": "fail"}, timeout=10, allow_redirects=False)
        assert gateway.read_charge(intent).status is ChargeStatus.NEEDS_OWNER


def test_a_cancelled_charge_can_never_be_paid(world: World, gateway: StripeGateway) -> None:
    asked = order(saved(world, gateway, ALWAYS))
    intent = gateway.charge_card(asked, asked.reference).payment_intent
    assert gateway.cancel_charge(intent).status is ChargeStatus.CANCELLED
    assert gateway.cancel_charge(intent).status is ChargeStatus.CANCELLED
    late = gateway.authenticate(intent, asked.card.payment_method, "http://app.test/back")
    assert (late.status, late.url) == (ChargeStatus.CANCELLED, None)


def test_a_paid_charge_can_not_be_cancelled(world: World, gateway: StripeGateway) -> None:
    asked = order(saved(world, gateway))
    paid = gateway.charge_card(asked, asked.reference)
    assert gateway.cancel_charge(paid.payment_intent) == paid


def test_a_charge_whose_answer_was_lost_is_found(world: World, gateway: StripeGateway) -> None:
    asked = order(saved(world, gateway))
    assert gateway.find_charge(asked.reference, asked.card.customer) is None
    world.control("fail_next", path="/v1/payment_intents", fault="lost_answer")
    with pytest.raises(OutsideUnavailable):
        gateway.charge_card(asked, asked.reference)
    found = gateway.find_charge(asked.reference, asked.card.customer)
    assert found is not None and found.status is ChargeStatus.PAID
    assert gateway.charge_card(asked, asked.reference) == found


def test_a_charge_without_its_book_entry_is_settling(world: World, gateway: StripeGateway) -> None:
    world.control("options", charges_pend=True)
    asked = order(saved(world, gateway))
    done = gateway.charge_card(asked, asked.reference)
    assert (done.status, done.capture) == (ChargeStatus.SETTLING, None)
    world.control("settle")
    assert gateway.read_charge(done.payment_intent).status is ChargeStatus.PAID


def test_a_forgotten_card_is_detached_and_its_owner_unknown(world: World, gateway: StripeGateway) -> None:
    card = saved(world, gateway)
    gateway.forget_card(card)
    gateway.forget_card(card)
    assert world.client.v1.payment_methods.retrieve(card.payment_method).customer is None
    assert world.client.v1.customers.retrieve(card.customer).deleted is True
    with pytest.raises(OutsideRefused):
        gateway.charge_card(order(card), ids.new_ref())
    world.heard.wait("customer.deleted")
