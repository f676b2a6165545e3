"""What a backer reads while their bank decides, when it refused, and where what came back goes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bountyhub import settings
from bountyhub.funding.models import Contribution, Payment
from bountyhub.funding.operations import Renewal, record_checkout, renew
from bountyhub.kit.database import transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.ports.payments import Checkout, CheckoutStatus
from tests.builders.world import BO, CLEO, DARA, later, merged, paid, unpaid
from tests.pages.conftest import Pages


def say(checkout: Checkout) -> None:
    with transaction() as session:
        record_checkout(session, checkout.reference, checkout)


@pytest.fixture
def ref(pages: Pages) -> str:
    """Cleo ordered a debit of her account; her bank decides."""
    ref = pages.world.order()
    word = replace(unpaid(ref, CheckoutStatus.AWAITED), method="sepa_debit")
    pages.outside.gateway.checkouts[word.id] = word
    say(word)
    return ref


def refuse(pages: Pages, ref: str) -> None:
    word = replace(unpaid(ref, CheckoutStatus.FAILED), method="sepa_debit")
    pages.outside.gateway.checkouts[word.id] = word
    say(word)


def mail_texts(pages: Pages) -> str:
    pages.world.drain("notify.")
    return "\n".join(f"{mail.subject}\n{mail.text}" for mail in pages.world.rows(OutgoingMail))


def test_three_pages_say_that_the_bank_takes_a_few_days(pages: Pages, ref: str) -> None:
    cleo, given = pages.signed_in(CLEO), pages.world.rows(Contribution)[0]
    for path in (f"/paid/{ref}", f"/contributions/{given.id}", "/me"):
        read = cleo.reads(path)
        assert "Your bank takes a few days; we’ll write when it has arrived." in read, path
        assert "Waiting for the bank" in read and "are held for" not in read, path
    assert "data-live-voice" in cleo.get(f"/paid/{ref}").text
    assert " data-live " not in cleo.get(f"/paid/{ref}").text, "nobody waits for days before a page"
    assert cleo.buttons(f"/contributions/{given.id}") == set()
    assert "0 €" in pages.stranger().reads(f"/tasks/{pages.world.task_id}")


def test_the_mail_says_so_too_with_a_link_to_look(pages: Pages, ref: str) -> None:
    text = mail_texts(pages)
    assert "Your bank takes a few days; we’ll write when it has arrived. Nothing is held before that" in text
    link = text.partition("http://127.0.0.1:8000")[2].split()[0]
    assert "Waiting for the bank" in pages.stranger().reads(link)


def test_the_same_form_leads_to_its_page_while_the_bank_decides(pages: Pages, ref: str) -> None:
    read = pages.stranger().reads(f"/paid/{ref}")
    assert "nothing is held for “Export number 12”" in read
    assert pages.outside.gateway.keys("create_checkout") == []


def test_a_refusal_is_said_with_a_way_to_pay_anew(pages: Pages, ref: str) -> None:
    refuse(pages, ref)
    cleo, given = pages.signed_in(CLEO), pages.world.rows(Contribution)[0]
    for path in (f"/paid/{ref}", f"/contributions/{given.id}", "/me"):
        assert "Your bank refused the payment" in cleo.reads(path), path
    again = f"/tasks/{pages.world.task_id}/fund?amount=50"
    for path in (f"/paid/{ref}", f"/contributions/{given.id}"):
        assert f'href="{again}"' in cleo.get(path).text
    assert 'value="50"' in cleo.get(again).text
    assert "Your bank refused the payment of 52.75 EUR" in mail_texts(pages)
    later(31)
    assert "Your bank refused the payment" not in cleo.reads("/me")


def test_a_stranger_learns_nothing_of_it_on_the_task(pages: Pages, ref: str) -> None:
    refuse(pages, ref)
    for tab in ("activity", "contributions", "money"):
        read = pages.stranger().reads(f"/tasks/{pages.world.task_id}?tab={tab}").lower()
        assert "refused" not in read and "bank" not in read
    assert pages.signed_in(DARA).get(f"/contributions/{pages.world.rows(Contribution)[0].id}").status_code == 404


def test_what_came_from_an_account_goes_back_to_it(pages: Pages) -> None:
    given = pages.world.pay(5000)
    with transaction() as session:
        session.execute(update(Payment).values(method="sepa_debit"))
    cleo, path = pages.signed_in(CLEO), f"/contributions/{given.id}"
    assert "go back to your bank account, the fee too" in cleo.reads(path)
    cleo.post(f"{path}/withdraw")
    assert "52.75 € are on their way back to your bank account." in cleo.reads(path)
    text = mail_texts(pages)
    assert "go back to your bank account by themselves" in text and "your card" not in text


def test_the_form_says_by_what_one_can_pay(pages: Pages) -> None:
    path = f"/tasks/{pages.world.task_id}/fund"
    assert "On the next page you pay by" not in pages.stranger().reads(path)
    settings.use(settings.current().model_copy(update={"PAYMENT_METHODS": ["card", "sepa_debit", "bancontact"]}))
    read = pages.stranger().reads(path)
    assert "On the next page you pay by card, SEPA debit or Bancontact." in read
    assert "the developer is paid eight weeks later" in read


def test_its_developer_reads_the_day(pages: Pages) -> None:
    pages.world.connect(BO)
    ref = pages.world.order()
    word = paid(ref, pages.world.rows(Contribution)[0].total)
    assert word.capture is not None
    say(replace(word, capture=replace(word.capture, method="sepa_debit")))
    pages.world.record(merged(pages.world.linked()))
    pages.world.send_transfers()
    read = pages.signed_in(BO).reads("/me")
    assert "a backer’s bank can call its payment back for eight weeks, and it waits for their end; leaves on" in read
    assert "50 € leave for @bo on" in pages.stranger().reads(f"/tasks/{pages.world.task_id}")


def test_a_refused_renewal_is_renewed_again(pages: Pages) -> None:
    old = pages.world.pay(5000)
    later(60)
    with transaction() as session:
        ref = renew(session, Renewal(old.id)).ref
    refuse(pages, ref)
    new = pages.world.rows(Contribution)[1]
    again = f'href="/contributions/{old.id}/renew"'
    cleo = pages.signed_in(CLEO)
    for path in (f"/paid/{ref}", f"/contributions/{new.id}"):
        assert again in cleo.get(path).text
    assert again not in pages.stranger().get(f"/paid/{ref}").text
    assert "What you had paid before stays where it is." in mail_texts(pages)
