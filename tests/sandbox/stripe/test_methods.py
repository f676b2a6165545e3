"""Means of payment beside cards: debits of bank accounts that a bank answers days later, and Bancontact."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stripe.test_pages import pay_at, press
from tests.sandbox.stripe.world import World

ARRIVES, REFUSED, CALLED_BACK = "AT611904300234573201", "AT861904300235473202", "AT591904300235473203"
ALL = ["card", "sepa_debit", "bancontact"]


def checkout(world: World, amount: int = 2500, currency: str = "eur") -> stripe.checkout.Session:
    return world.checkout(amount, currency, allowed_payment_method_types=ALL)


def ordered(world: World, iban: str = ARRIVES) -> stripe.checkout.Session:
    """A session whose payer's bank decides now."""
    session = checkout(world)
    assert world.control("pay", session=session.id, card=iban)["outcome"] == "pending"
    return world.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})


def days(world: World, days: int) -> None:
    world.sandbox.clock.advance(days)
    world.tick()


def charge_of(session: stripe.checkout.Session) -> stripe.Charge:
    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    assert isinstance(session.payment_intent.latest_charge, stripe.Charge)
    return session.payment_intent.latest_charge


def again(world: World, session: stripe.checkout.Session) -> stripe.checkout.Session:
    return world.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})


@pytest.mark.parametrize(("currency", "types"), [("eur", ALL), ("usd", ["card"]), ("jpy", ["card"])])
def test_each_method_takes_its_currencies_only(world: World, currency: str, types: list[str]) -> None:
    assert checkout(world, 2500, currency).payment_method_types == types


def test_a_session_that_allows_cards_takes_cards_only(world: World) -> None:
    session = world.checkout()
    assert session.payment_method_types == ["card"]
    for other in (ARRIVES, "bancontact"):
        assert world.control("pay", session=session.id, card=other)["outcome"] == "declined"


def test_a_debit_is_complete_and_unpaid_until_the_bank_answers(world: World) -> None:
    session = ordered(world)
    assert (session.status, session.payment_status, session.url) == ("complete", "unpaid", None)
    charge = charge_of(session)
    assert (charge.status, charge.paid, charge.balance_transaction) == ("pending", False, None)
    assert isinstance(session.payment_intent, stripe.PaymentIntent) and session.payment_intent.status == "processing"
    days(world, 4)
    assert charge_of(again(world, session)).status == "pending"
    days(world, 1)
    done = again(world, session)
    assert (done.payment_status, charge_of(done).status) == ("paid", "succeeded")
    booked = world.client.v1.balance_transactions.retrieve(str(charge_of(done).balance_transaction))
    assert (booked.amount, booked.fee) == (2500, 35)
    world.heard.wait("checkout.session.async_payment_succeeded")
    assert world.heard.types().index("checkout.session.completed") < len(world.heard.types()) - 1


def test_a_refused_debit_ends_unpaid(world: World) -> None:
    session = ordered(world, REFUSED)
    days(world, 5)
    done = again(world, session)
    assert (done.status, done.payment_status) == ("complete", "unpaid")
    assert isinstance(done.payment_intent, stripe.PaymentIntent)
    assert (done.payment_intent.status, charge_of(done).status) == ("requires_payment_method", "failed")
    world.heard.wait("checkout.session.async_payment_failed")
    with pytest.raises(AssertionError, match="complete"):
        world.control("pay", session=session.id)


@pytest.mark.parametrize(("control", "status"), [("succeed_debit", "succeeded"), ("fail_debit", "failed")])
def test_a_bank_answers_by_control_and_once(world: World, control: str, status: str) -> None:
    session = ordered(world)
    assert world.control(control, charge=charge_of(session).id)["status"] == status
    for other in ("succeed_debit", "fail_debit"):
        with pytest.raises(AssertionError, match=f"is {status}"):
            world.control(other, charge=charge_of(session).id)
    days(world, 6)
    assert charge_of(again(world, session)).status == status


@pytest.mark.nonsense
def test_a_debit_on_its_way_is_not_refunded(world: World) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        world.client.v1.refunds.create({"charge": charge_of(ordered(world)).id})


def test_a_debit_that_is_called_back_is_lost_at_once(world: World) -> None:
    session = ordered(world, CALLED_BACK)
    days(world, 5)
    world.tick()
    [dispute] = world.client.v1.disputes.list({"charge": charge_of(session).id}).data
    assert (dispute.status, dispute.reason) == ("lost", "debit_not_authorized")
    assert dispute.payment_method_details is None, "it has no word for debits"
    assert [(each.amount, each.fee) for each in dispute.balance_transactions] == [(-2500, 750)]
    world.heard.wait("charge.dispute.closed")


@pytest.mark.parametrize("number", ["AT000000000000000000", "DE12"])
def test_a_wrong_iban_is_refused_on_the_page(world: World, number: str) -> None:
    session = checkout(world)
    answer = requests.post(str(session.url), {"number": number, "method": "sepa_debit"}, timeout=10)
    assert "The IBAN you provided is invalid." in answer.text and '<h2 id="how">Pay by SEPA debit' in answer.text
    assert world.client.v1.charges.list().data == []


def test_the_page_offers_each_method_with_its_test_accounts(world: World) -> None:
    session = checkout(world)
    page = requests.get(str(session.url), timeout=10).text
    assert "SEPA debit" in page and "Bancontact" in page and "4242424242424242" in page
    assert ARRIVES in requests.get(f"{session.url}?method=sepa_debit", timeout=10).text
    assert "your bank’s page" in requests.get(f"{session.url}?method=bancontact", timeout=10).text
    assert "Bancontact" not in requests.get(str(world.checkout().url), timeout=10).text


def test_a_debit_leads_back_and_a_second_click_too(world: World) -> None:
    session = checkout(world)
    first, second = (pay_at(session, ARRIVES, press="the form", method="sepa_debit") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(world.client.v1.charges.list().data) == 1


@pytest.mark.parametrize(("answer", "status"), [("complete", "complete"), ("fail", "open")])
def test_bancontact_is_confirmed_on_the_banks_page(world: World, answer: str, status: str) -> None:
    session = checkout(world)
    to_bank = pay_at(session, "bancontact", method="bancontact").headers["Location"]
    bank = requests.get(f"{world.url.removesuffix('/stripe')}{to_bank}", timeout=10)
    assert "Bancontact" in bank.text
    press(f"{session.url}/authenticate", answer=answer)
    done = again(world, session)
    assert done.status == status
    if status == "complete":
        details = charge_of(done).payment_method_details
        assert details is not None and details.type == "bancontact"
        booked = world.client.v1.balance_transactions.retrieve(str(charge_of(done).balance_transaction))
        assert booked.fee == 25 + 35
    else:
        assert "unable to authenticate" in requests.get(str(session.url), timeout=10).text


@pytest.mark.parametrize("number", ["4242424242424242", ARRIVES, "bancontact"])
def test_nothing_is_saved(world: World, number: str) -> None:
    session = checkout(world)
    world.control("pay", session=session.id, card=number)
    done = again(world, session)
    assert (done.customer, done.setup_intent) == (None, None)
    assert isinstance(done.payment_intent, stripe.PaymentIntent)
    assert (done.payment_intent.customer, done.payment_intent.setup_future_usage) == (None, None)
    with world.sandbox.store.transaction() as tx:
        kept: list[Any] = [*tx.all("stripe.customer"), *tx.all("stripe.payment_method")]
    assert kept == []


def test_the_dashboard_ends_a_debit(world: World) -> None:
    session = ordered(world)
    assert "Let it arrive" in requests.get(f"{world.url}/dashboard", timeout=10).text
    press(f"{world.url}/dashboard/succeed_debit", id=charge_of(session).id)
    assert again(world, session).payment_status == "paid"
    page = requests.get(f"{world.url}/dashboard", timeout=10).text
    assert "Let it arrive" not in page and "SEPA debit …3201" in page
    assert "SEPA debit …3201" in requests.get(f"{world.url}/receipts/{charge_of(session).id}", timeout=10).text
