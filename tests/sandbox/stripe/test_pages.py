"""The pages a person clicks, driven as a browser without JavaScript would: forms and redirects only."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stripe.world import World

OK = "4242424242424242"


def press(url: str, **form: str) -> requests.Response:
    return requests.post(url, form, allow_redirects=False, timeout=10)


def pay_at(session: stripe.checkout.Session, number: str = OK, **form: str) -> requests.Response:
    return press(str(session.url), number=number, **form)


def test_the_page_shows_what_is_paid_and_every_test_card(world: World) -> None:
    session = world.checkout(2500)
    page = requests.get(str(session.url), timeout=10).text
    assert "Task 7" in page and "€25.00" in page and "cleo@example.org" in page
    assert "PLAY MONEY" in page and "4000002760003184" in page
    assert 'href="http://app.test/task"' in page


def test_a_click_on_a_card_fills_its_number_in(world: World) -> None:
    session = world.checkout()
    page = requests.get(f"{session.url}?card=4000000000000002", timeout=10).text
    assert 'value="4000000000000002"' in page


def test_paying_leads_back_with_the_sessions_id(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    paid = pay_at(session)
    assert (paid.status_code, paid.headers["Location"]) == (303, f"http://app.test/thanks?session={session.id}")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_written_card_number_may_have_spaces(world: World) -> None:
    assert pay_at(world.checkout(), "4242 4242 4242 4242").status_code == 303


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("4000000000000002", "Your card was declined."),
        ("4000000000009995", "insufficient funds"),
        ("4111111111111111", "used a non test card"),
        ("1234", "card number is incorrect"),
    ],
)
def test_a_declined_card_says_so(world: World, number: str, sentence: str) -> None:
    session = world.checkout()
    answer = requests.post(str(session.url), {"number": number}, timeout=10)
    assert sentence in answer.text
    assert pay_at(session).headers["Location"].startswith("http://app.test/thanks")


def test_paying_twice_gives_a_clear_page(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    pay_at(session)
    second = pay_at(session)
    assert (second.status_code, "This is paid already" in second.text) == (409, True)
    assert requests.get(str(session.url), timeout=10).status_code == 200
    assert len(client.v1.charges.list().data) == 1


def test_a_double_click_on_pay_pays_once_and_leads_on(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    first, second = (pay_at(session, press="the same form") for _ in range(2))
    assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
    assert pay_at(session, press="the other tab's form").status_code == 409
    assert len(client.v1.charges.list().data) == 1


def test_two_clicks_at_once_pay_once(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    statuses: list[int] = []
    clicks = [threading.Thread(target=lambda: statuses.append(pay_at(session).status_code)) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert sorted(statuses) == [303, 409, 409, 409]
    assert len(client.v1.charges.list().data) == 1


def test_an_expired_session_gives_a_clear_page(world: World, client: stripe.StripeClient) -> None:
    session = world.checkout()
    client.v1.checkout.sessions.expire(session.id)
    late = pay_at(session)
    assert (late.status_code, "This checkout has expired" in late.text) == (410, True)
    assert client.v1.charges.list().data == []


def test_an_unknown_session_gives_a_clear_page(world: World) -> None:
    assert requests.get(f"{world.url}/pay/cs_test_none", timeout=10).status_code == 404


def test_an_email_is_asked_for_when_none_was_given(world: World, client: stripe.StripeClient) -> None:
    line: Any = {"price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Task"}}, "quantity": 1}
    session = client.v1.checkout.sessions.create(
        {"mode": "payment", "line_items": [line], "success_url": "http://app.test/"}
    )
    assert pay_at(session).status_code == 422
    assert pay_at(session, email="dara@example.org").status_code == 303
    details = client.v1.checkout.sessions.retrieve(session.id).customer_details
    assert details is not None and details.email == "dara@example.org"


@pytest.mark.parametrize(("answer", "status"), [("complete", "complete"), ("fail", "open")])
def test_the_bank_asks_in_between(world: World, client: stripe.StripeClient, answer: str, status: str) -> None:
    session = world.checkout()
    asked = pay_at(session, "4000002760003184")
    page = requests.get(f"{world.url}/pay/{session.id}/authenticate", timeout=10)
    assert asked.headers["Location"].endswith("/authenticate") and "€25.00" in page.text
    assert world.heard.wait("payment_intent.requires_action")["data"]["object"]["status"] == "requires_action"
    press(page.url, answer=answer)
    assert client.v1.checkout.sessions.retrieve(session.id).status == status
    repeated = press(page.url, answer="complete")
    assert repeated.status_code == (409 if status == "complete" else 303)


def test_a_charge_has_a_receipt(world: World) -> None:
    charge = world.paid(2500)
    assert "€25.00" in requests.get(str(charge.receipt_url), timeout=10).text
    assert requests.get(f"{world.url}/receipts/nothing", timeout=10).status_code == 404


def test_the_dashboard_shows_everything(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid(2500)
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 500})
    transfer = client.v1.transfers.create({"amount": 300, "currency": "eur", "destination": world.payee()})
    page = requests.get(f"{world.url}/dashboard", timeout=10).text
    for shown in (charge.id, refund.id, transfer.id, transfer.destination, "€25.00", "charge.refunded", "Resend"):
        assert str(shown) in page


def test_the_dashboards_buttons_work(world: World, client: stripe.StripeClient) -> None:
    told = world.heard.wait("topup.succeeded")
    refund = client.v1.refunds.create({"charge": world.paid(card="4000000000007726").id})
    press(f"{world.url}/dashboard/resend", id=told["id"])
    world.heard.wait("topup.succeeded", 2)
    press(f"{world.url}/dashboard/fail_refund", id=refund.id)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    again = requests.post(f"{world.url}/dashboard/fail_refund", {"id": refund.id}, timeout=10)
    assert "already failed" in again.text
    assert press(f"{world.url}/dashboard/explode", id="x").status_code == 404


def test_own_funds_can_be_added_by_a_click(world: World) -> None:
    press(f"{world.url}/dashboard/topup")
    assert world.available() == 60_000


def test_the_dashboards_switches_are_kept(world: World) -> None:
    press(f"{world.url}/dashboard/options", webhooks_paused="on", funds_pend_days="7")
    kept = requests.get(f"{world.url}/control/options", timeout=10).json()
    assert (kept["webhooks_paused"], kept["funds_pend_days"], kept["charges_pend"]) == (True, 7, False)
    press(f"{world.url}/dashboard/options", funds_pend_days="0")
    assert not requests.get(f"{world.url}/control/options", timeout=10).json()["webhooks_paused"]
