"""Stored events change the books: once, in any order, however often they come."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.integrations.stripe.handlers import MOST_ATTEMPTS
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Payee
from tests.integrations.stripe.books import (
    Happened,
    clearing,
    entries,
    held,
    made_up,
    paid,
    state_of,
    work_on,
)  # fmt: skip
from tests.integrations.stripe.shop import Shop, stored
from tests.sandbox.stripe.world import World


def test_a_paid_checkout_is_held_and_marked_handled_at_once(shop: Shop, world: World, happened: Happened) -> None:
    paid(shop, world)
    (id,) = happened("checkout.session.completed")
    work_on(id)
    assert (state_of(Contribution), held(), clearing()) == ("held", 5000, 5275 - 104)
    assert stored(id).handled_at is not None


@pytest.mark.parametrize("type", ["payment_intent.succeeded", "checkout.session.completed"])
def test_any_event_of_a_payment_is_enough(shop: Shop, world: World, happened: Happened, type: str) -> None:
    paid(shop, world)
    work_on(*happened(type))
    assert held() == 5000


def test_all_events_five_times_backwards_are_one_capture(shop_on_both: Shop, world: World, happened: Happened) -> None:
    paid(shop_on_both, world)
    ids = happened()
    assert len(ids) >= 3
    work_on(*reversed(ids * 5))
    assert (held(), clearing()) == (5000, 5275 - 104)
    assert entries() == 2  # the capture and its cost


def test_an_event_of_an_earlier_state_records_what_stands_now(shop: Shop, world: World, happened: Happened) -> None:
    paid(shop, world)
    with reading() as session:
        checkout = session.scalars(select(Payment.checkout_id)).one()
    work_on(made_up("checkout.session.expired", {"id": checkout, "object": "checkout.session"}))
    assert held() == 5000


def test_a_capture_without_a_book_entry_is_held_when_it_comes(shop: Shop, world: World, happened: Happened) -> None:
    world.control("options", charges_pend=True)
    paid(shop, world)
    work_on(*happened())
    assert (state_of(Contribution), held()) == ("pending", 0)
    world.control("settle")
    work_on(*happened("charge.updated"))
    assert (state_of(Contribution), held()) == ("held", 5000)


def test_an_expired_checkout_is_abandoned(shop: Shop, world: World, happened: Happened) -> None:
    world.control("expire", session=shop.open_checkout(shop.payment()))
    work_on(*happened("checkout.session.expired"))
    assert (state_of(Contribution), state_of(Payment)) == ("abandoned", "expired")


def test_another_amount_than_asked_is_set_aside(shop: Shop, world: World, happened: Happened) -> None:
    world.control("pay", session=shop.open_checkout(shop.payment()), amount=1000)
    work_on(*happened("checkout.session.completed"))
    assert (state_of(Contribution), held()) == ("suspended", 0)


def test_a_refund_is_followed_to_its_end(shop_on_both: Shop, world: World, happened: Happened) -> None:
    paid(shop_on_both, world)
    work_on(*happened())
    refund = shop_on_both.ask_refund()
    _send(shop_on_both, refund)
    ids = happened("refund.created", "charge.refunded", "refund.updated")
    work_on(*ids, *ids)
    assert (state_of(Refund), state_of(Contribution)) == ("done", "closed")
    assert clearing() == -104


def test_a_charge_that_was_refunded_is_enough(shop: Shop, world: World, happened: Happened) -> None:
    paid(shop, world)
    work_on(*happened())
    _send(shop, shop.ask_refund())
    work_on(*happened("charge.refunded"))
    assert state_of(Refund) == "done"


def test_a_refund_that_fails_later_is_owed_again(shop: Shop, world: World, happened: Happened) -> None:
    paid(shop, world, card="4000000000005126")
    work_on(*happened())
    refund = shop.ask_refund()
    id = _send(shop, refund)
    world.control("fail_refund", refund=id)
    ids = happened()
    work_on(*ids, *ids)
    assert (state_of(Refund), clearing()) == ("failed", 5275 - 104)
    with reading() as session:
        assert ledger.balance(session, "unclaimed_refund/c-pay1", "EUR") == 5275


def _send(shop: Shop, refund: Refund) -> str:
    with reading() as session:
        intent = session.scalars(select(Payment.payment_intent)).one()
    assert intent is not None
    return shop.gateway.create_refund(refund.ref, intent, refund.money, refund.ref).id


def test_an_onboarded_account_is_ready(shop: Shop, world: World, happened: Happened) -> None:
    account = shop.gateway.create_account("bo1", "bo@example.org", "bo1").id
    shop.bo(account)
    world.control("complete_onboarding", account=account)
    ids = happened("account.updated")
    work_on(*ids, *ids)
    assert state_of(Payee) == "ready"


def test_an_account_whose_number_was_lost_in_a_crash_is_found_by_our_reference(
    shop: Shop, world: World, happened: Happened
) -> None:
    account = shop.gateway.create_account("bo1", "bo@example.org", "bo1").id
    shop.bo(None)
    world.control("complete_onboarding", account=account)
    work_on(*happened("account.updated"))
    with reading() as session:
        assert session.scalars(select(Payee.account)).one() == account


def test_another_account_can_not_take_over_a_payee(shop: Shop, world: World, happened: Happened) -> None:
    shop.bo(shop.gateway.create_account("bo1", "bo@example.org", "k1").id)
    other = shop.gateway.create_account("bo1", "dara@example.org", "k2").id
    world.control("complete_onboarding", account=other)
    work_on(*happened("account.updated"), attempt=MOST_ATTEMPTS)
    assert state_of(Payee) == "asked"


def test_a_top_up_is_the_operators_money(shop_on_both: Shop, world: World, happened: Happened) -> None:
    with world.sandbox.store.transaction() as tx:
        (topup,) = tx.all("stripe.topup")
    id = made_up("topup.succeeded", topup)
    work_on(id, id)
    assert clearing() == 50000
    assert entries() == 1
