"""From the fund form to the checkout and back: money is asked for once, and every refusal says what it means."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bountyhub import settings
from bountyhub.funding.models import Contribution, Payment
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ledger.capture import captured_wrong
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from bountyhub.ports.payments import Checkout, CheckoutOrder, CheckoutStatus
from bountyhub.work.operations import cancel_task, withdraw
from tests.builders.processor_says import paid, unpaid
from tests.builders.settings import play_settings
from tests.builders.world import ANA, CLEO, EVE
from tests.ledger.log.books import seal_all
from tests.pages.conftest import Pages, Someone, words


def nonce(someone: Someone, path: str) -> str:
    found = re.search(r'name="nonce" type="hidden"|name="nonce"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="nonce"',
                      someone.get(path).text)  # fmt: skip
    assert found is not None
    return found[1] or found[2]


def form(pages: Pages, **changes: str) -> dict[str, str]:
    """The fund form as a stranger fills it in."""
    number = nonce(pages.stranger(), f"/tasks/{pages.world.task_id}/fund")
    return {"amount": "25", "email": "Guest@Example.org", "consent": "yes", "nonce": number, **changes}


def contributions(pages: Pages) -> list[Contribution]:
    return pages.world.rows(Contribution)


def test_a_stranger_is_led_to_the_checkout(pages: Pages) -> None:
    answer = pages.stranger().post(f"/tasks/{pages.world.task_id}/fund", **form(pages))
    assert (answer.status_code, answer.location) == (303, "http://127.0.0.1/pay")
    (made,) = contributions(pages)
    assert (made.amount, made.fee, made.email, made.anonymous, made.state) == (
        2500, 150, "guest@example.org", False, "pending",
    )  # fmt: skip
    (payment,) = pages.world.rows(Payment)
    assert (payment.state, payment.checkout_url) == ("open", "http://127.0.0.1/pay")


def test_a_double_click_is_one_contribution(pages: Pages) -> None:
    filled, path = form(pages), f"/tasks/{pages.world.task_id}/fund"
    first, second = pages.stranger().post(path, **filled), pages.stranger().post(path, **filled)
    assert first.location == second.location
    assert len(contributions(pages)) == 1


def test_the_back_button_and_another_amount_are_another_contribution(pages: Pages) -> None:
    filled, path = form(pages), f"/tasks/{pages.world.task_id}/fund"
    pages.stranger().post(path, **filled)
    pages.stranger().post(path, **filled | {"amount": "30"})
    assert [c.amount for c in contributions(pages)] == [2500, 3000]


def test_somebody_signed_in_types_no_address_and_may_stay_unnamed(pages: Pages) -> None:
    cleo, path = pages.signed_in(CLEO), f"/tasks/{pages.world.task_id}/fund"
    assert "e-mail address" not in cleo.reads(path)
    cleo.post(path, amount="25", consent="yes", anonymous="yes", nonce=nonce(cleo, path))
    (made,) = contributions(pages)
    assert (made.person_id, made.email, made.anonymous) == (
        pages.world.persons["cleo"].id, "cleo@example.org", True,
    )  # fmt: skip


BAD = ["0", "-5", "0.001", "1000000000000", "999999999999999", "1e5", "ten", "4.99", "10000.01", "25 USD", "٢٥", "NaN"]


@pytest.mark.parametrize("typed", BAD)
def test_an_impossible_amount_is_refused_and_kept(pages: Pages, typed: str) -> None:
    answer = pages.stranger().post(f"/tasks/{pages.world.task_id}/fund", **form(pages, amount=typed))
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "Guest@Example.org" in answer.text
    assert contributions(pages) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consent": ""}, "Tick this box"),
        ({"email": ""}, "Type your e-mail address"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"amount": ""}, "Fill this in"),
    ],
)
def test_what_is_missing_is_said(pages: Pages, changes: dict[str, str], said: str) -> None:
    answer = pages.stranger().post(f"/tasks/{pages.world.task_id}/fund", **form(pages, **changes))
    assert answer.status_code == 422
    assert said in words(answer)
    assert contributions(pages) == []


def test_what_is_no_amount_gets_no_total(pages: Pages) -> None:
    answer = pages.stranger().post(f"/tasks/{pages.world.task_id}/fund", **form(pages, amount="abc"))
    assert "You pay …" in words(answer)
    assert "Fund …" in words(answer)
    assert "25.00 €" not in words(answer)


def test_the_amounts_currency_is_said_beside_its_field(pages: Pages) -> None:
    assert '<small id="amount-hint" class="hint">In EUR.</small>' in pages.stranger().get("/tasks/1/fund").text


@pytest.mark.parametrize("error", [OutsideUnavailable("stripe: no answer"), OutsideRefused("stripe: no", "x")])
def test_a_processor_that_is_away_charges_nothing_and_the_same_form_works_later(pages: Pages, error: Exception) -> None:
    filled, path = form(pages), f"/tasks/{pages.world.task_id}/fund"
    pages.outside.gateway.fail["create_checkout"] = [error]
    answer = pages.stranger().post(path, **filled)
    assert answer.status_code == 503
    assert "Nothing was charged" in words(answer)
    assert filled["nonce"] in answer.text
    assert pages.stranger().post(path, **filled).location == "http://127.0.0.1/pay"
    assert len(contributions(pages)) == 1
    assert len(set(pages.outside.gateway.keys("create_checkout"))) == 1


def test_without_own_funds_the_page_says_why_it_takes_no_money(pages: Pages) -> None:
    filled, path = form(pages), f"/tasks/{pages.world.task_id}/fund"
    settings.use(play_settings(COST_FIXED={"EUR": 50_000}))
    assert "own funds" in pages.stranger().reads(path)
    assert "own funds" in pages.stranger().reads(f"/tasks/{pages.world.task_id}")
    answer = pages.stranger().post(path, **filled)
    assert answer.status_code == 409
    assert "Nothing was charged" in words(answer)


def test_nobody_stops_all_funding_with_payments_that_are_never_made(pages: Pages) -> None:
    path, mallory = f"/tasks/{pages.world.task_id}/fund", {"REMOTE_ADDR": "2001:db8::1"}
    for number, amount in enumerate(["10000", "3500", "3500", "3500", "3500", "500", "500"]):
        mallory["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        typed = form(pages, amount=amount, email=f"m{number}@example.org")
        pages.stranger().client.post(path, data=typed, environ_base=mallory)
    assert pages.stranger().post(path, **form(pages)).location == "http://127.0.0.1/pay"


def test_too_many_unpaid_payments_are_refused_with_what_to_do_and_the_form_is_kept(pages: Pages) -> None:
    path, stranger = f"/tasks/{pages.world.task_id}/fund", pages.stranger()
    stranger.post(path, **form(pages, amount="3500", email="one@example.org"))
    answer = stranger.post(path, **form(pages, amount="3000", email="two@example.org"))
    assert answer.status_code == 409
    for said in ("Nothing was charged", "payments that are not finished", "smaller amount"):
        assert said in words(answer)
    assert 'value="3000"' in answer.text and "two@example.org" in answer.text
    assert len(contributions(pages)) == 1


def test_a_task_that_takes_no_money_says_so(pages: Pages) -> None:
    filled, path = form(pages), f"/tasks/{pages.world.task_id}/fund"
    with transaction() as session:
        cancel_task(session, pages.world.task_id, pages.world.actor(ANA), pages.world.permission(ANA), "Not wanted.")
    assert "takes no new money" in pages.stranger().reads(path)
    answer = pages.stranger().post(path, **filled)
    assert answer.status_code == 409
    assert "takes no money now" in words(answer)
    assert contributions(pages) == []


def test_an_amount_in_the_address_is_in_the_form(pages: Pages) -> None:
    page = pages.stranger().get(f"/tasks/{pages.world.task_id}/fund?amount=40")
    assert 'value="40"' in page.text
    assert "42.25" in words(page)


def asked(pages: Pages) -> tuple[str, str]:
    """A checkout that is open: its payment's ref and its id."""
    pages.stranger().post(f"/tasks/{pages.world.task_id}/fund", **form(pages))
    (payment,) = pages.world.rows(Payment)
    assert payment.checkout_id is not None
    return payment.ref, payment.checkout_id


def test_the_return_page_asks_the_processor_and_thanks(pages: Pages) -> None:
    ref, checkout = asked(pages)
    (made,) = contributions(pages)
    pages.outside.gateway.checkouts[checkout] = replace(paid(ref, made.total), id=checkout)
    read = pages.stranger().reads(f"/paid/{ref}")
    assert "Thank you. 25 € are held for “Export number 12”." in read
    assert "g…@example.org" in read
    assert "guest@example.org" not in read
    pages.stranger().reads(f"/paid/{ref}")
    assert pages.outside.gateway.keys("read_checkout") == [checkout]


def test_a_payment_named_in_the_books_of_before_shows_its_address_to_its_backer_alone(pages: Pages) -> None:
    ref = pages.world.order(5000)
    given = pages.world.capture(ref, received=Money(1234, "EUR"))
    assert "c…@example.org" in pages.stranger().reads(f"/paid/{ref}")
    with transaction() as session:
        captured_wrong(
            session, payment=ref, contribution=given.ref, amount=1, currency="EUR", outside_id="txn_old",
            effective_at=clock.now(), actor="stripe", key="old",
        )  # fmt: skip
    for someone in (pages.stranger(), pages.signed_in(EVE)):
        assert "example.org" not in someone.reads(f"/paid/{ref}").partition("The receipt")[2]
    assert "cleo@example.org" in pages.signed_in(CLEO).reads(f"/paid/{ref}")


def test_the_thank_you_page_proves_the_payment_once_it_is_sealed(pages: Pages) -> None:
    ref, checkout = asked(pages)
    (made,) = contributions(pages)
    pages.outside.gateway.checkouts[checkout] = replace(paid(ref, made.total), id=checkout)
    assert "It is sealed within a minute; then its proof is here" in pages.stranger().reads(f"/paid/{ref}")
    seal_all()
    page = pages.stranger().get(f"/paid/{ref}")
    assert "is entry 2 of the 3 in the sealed log" in words(page)
    assert 'href="/api/v1/ledger/entries/2/proof"' in page.text
    assert "receipt.json" not in page.text, "the private part is for the backer, this page for who has its address"
    assert pages.stranger().get("/api/v1/ledger/entries/2/proof").status_code == 200


def test_its_signed_in_backer_downloads_the_receipt_from_the_thank_you_page(pages: Pages) -> None:
    made = pages.world.pay(5000)
    seal_all()
    (payment,) = pages.world.rows(Payment)
    receipt = f"/contributions/{made.id}/receipt.json"
    assert f'href="{receipt}"' in pages.signed_in(CLEO).get(f"/paid/{payment.ref}").text
    assert receipt not in pages.signed_in(ANA).get(f"/paid/{payment.ref}").text


def test_the_thank_you_page_offers_to_take_back_only_what_is_still_held(pages: Pages) -> None:
    made = pages.world.pay(5000)
    (payment,) = pages.world.rows(Payment)
    assert "Look or take it back" in pages.signed_in(CLEO).reads(f"/paid/{payment.ref}")
    with transaction() as session:
        withdraw(session, made.id, pages.world.actor(CLEO))
    pages.world.send_refunds()
    read = pages.signed_in(CLEO).reads(f"/paid/{payment.ref}")
    assert "Look at it" in read and "take it back" not in read


def test_a_payment_that_is_not_there_yet_is_being_confirmed(pages: Pages) -> None:
    ref, _ = asked(pages)
    assert "being confirmed" in pages.stranger().reads(f"/paid/{ref}")
    pages.outside.gateway.fail["read_checkout"] = [OutsideUnavailable("stripe: no answer")]
    assert "being confirmed" in pages.stranger().reads(f"/paid/{ref}")


def test_an_expired_checkout_charged_nothing(pages: Pages) -> None:
    ref, checkout = asked(pages)
    pages.outside.gateway.checkouts[checkout] = replace(unpaid(ref, CheckoutStatus.EXPIRED), id=checkout)
    assert "Nothing was charged" in pages.stranger().reads(f"/paid/{ref}")


def test_a_form_whose_payment_is_over_leads_to_its_page(pages: Pages) -> None:
    filled, path = form(pages), f"/tasks/{pages.world.task_id}/fund"
    pages.stranger().post(path, **filled)
    (payment,) = pages.world.rows(Payment)
    pages.world.capture(payment.ref)
    assert pages.stranger().post(path, **filled).location == f"/paid/{payment.ref}"


def test_an_unknown_payment_is_not_found(pages: Pages) -> None:
    assert pages.stranger().get("/paid/nosuchref").status_code == 404


def test_the_checkout_is_asked_for_outside_any_transaction(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    create = pages.outside.gateway.create_checkout

    def watched(order: CheckoutOrder, key: str) -> Checkout:
        with transaction():  # refused when one is open already
            seen.append(1)
        return create(order, key)

    monkeypatch.setattr(pages.outside.gateway, "create_checkout", watched)
    pages.stranger().post(f"/tasks/{pages.world.task_id}/fund", **form(pages))
    assert seen == [1]
