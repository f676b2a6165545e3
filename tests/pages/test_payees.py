"""Being paid: where somebody is, what their payout account lacks, changes that weren't theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bountyhub import settings
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Payee, Stop
from bountyhub.payouts.operations.banks import record_bank_payout
from bountyhub.people.models import LinkPurpose, Person
from bountyhub.people.operations import make_link
from bountyhub.ports.payee_payouts import BankAnswer, PayeePayout
from bountyhub.work.queries import claim_status
from tests.builders.processor_says import account
from tests.builders.world import BO, DARA, World, merged, owed_shares
from tests.pages.conftest import Pages, words


def warning(world: World) -> str:
    with transaction() as session:
        person = world.persons["bo"].id
        return f"/not-me/{make_link(session, LinkPurpose.NOT_ME, 'bo@example.org', person_id=person)}"


def test_saying_that_it_was_not_me(pages: Pages) -> None:
    path, someone = warning(pages.world), pages.stranger()
    assert "stop my money" in someone.reads(path)
    assert pages.world.rows(Stop) == []
    assert [someone.post(path).location for _ in range(2)] == [path, path]
    assert "Your money is stopped" in someone.reads(path)
    assert len(pages.world.rows(Stop)) == 1


def test_the_page_names_when_the_next_money_leaves(pages: Pages) -> None:
    settings.use(settings.current().model_copy(update={"PAYOUT_HOLD_HOURS": 48}))
    pages.world.connect(BO)
    assert "nothing is sent before" in pages.signed_in(BO).reads("/me")


def test_somebody_says_where_they_are_before_an_account_is_opened(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    assert "Country where you live" in bo.reads("/me")
    for nothing in ("", "XX", "Germany"):
        answer = bo.post("/me/payout-account", country=nothing)
        assert answer.status_code == 422
        assert "Choose the country where you live." in words(answer)
    assert pages.world.rows(Payee) == []
    assert bo.post("/me/payout-account", country="NO").location == "http://127.0.0.1/onboarding"
    [payee] = pages.world.rows(Payee)
    assert (payee.country, pages.outside.gateway.accounts[payee.account].country) == ("NO", "NO")
    assert "Country where you live" not in bo.reads("/me")
    assert bo.post("/me/payout-account", country="DE").location == "http://127.0.0.1/onboarding"
    assert pages.world.rows(Payee)[0].country == "NO"


def test_a_country_that_cannot_be_paid_is_told_before_work_starts(pages: Pages) -> None:
    pages.world.pay(5000)
    opened = pages.world.linked()
    bo = pages.signed_in(BO)
    for _ in range(2):
        answer = bo.post("/me/payout-account", country="NG")
        assert answer.status_code == 422
        assert "No money can be sent from here to Nigeria" in words(answer)
        assert 'value="NG" selected' in answer.text
    assert pages.outside.gateway.keys("create_account") == []
    assert "Can’t be paid here" in bo.reads("/me")
    assert "You can’t be paid here yet. No money can be sent" in bo.reads("/tasks/1?tab=pulls")
    said = "can’t be paid here: no money can be sent to their country; they choose where it goes"
    for path in ("/tasks/1?tab=pulls", f"/claims/{pages.world.claim().id}"):
        assert said in pages.signed_in(DARA).reads(path)
        assert "Nigeria" not in pages.signed_in(DARA).reads(path)
    with reading() as session:
        status = claim_status(session, pages.world.claim().id)
    assert status.title == "Merging this keeps 50 € of #12 for @bo, who can’t be paid here"
    assert "they choose where it goes" in status.summary
    pages.world.record(merged(opened))
    assert owed_shares(pages.world) == [(5000, "kept")]
    assert bo.post("/me/payout-account", country="FR").status_code == 303


def test_an_account_opened_where_no_money_can_go_is_not_paid(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    with transaction() as session:
        payee = payouts.ask_account(session, session.get_one(Person, pages.world.persons["bo"].id))
        payouts.record_account(session, replace(account("acct_bo"), country="JP"), payee.ref)
    assert pages.world.rows(Payee)[0].state == "unpayable"
    assert "No money can be sent from here to Japan" in pages.signed_in(BO).reads("/me")
    settings.use(settings.current().model_copy(update={"PAYABLE_COUNTRIES": ["JP"]}))
    with transaction() as session:
        payouts.record_account(session, replace(account("acct_bo"), country="JP"))
    assert pages.world.rows(Payee)[0].state == "ready"


def says(pages: Pages, **changes: Any) -> str:
    """What Bo reads once the processor said this of their account."""
    if not pages.world.rows(Payee):
        pages.world.connect(BO)
    with transaction() as session:
        payouts.record_account(session, replace(account("acct_bo"), details_submitted=True, **changes))
    return pages.signed_in(BO).reads("/me")


def test_each_way_of_not_being_payable_has_its_words_and_its_way_out(pages: Pages) -> None:
    asked = ("individual.verification.document", "external_account", "unheard.of")
    day = datetime(2027, 3, 1, tzinfo=UTC)
    read = says(pages, can_receive=False, requirements=asked, disabled_reason="requirements.past_due", deadline=day)
    for said in (
        "Something is missing",
        "Send a photo of your passport",
        "Add the bank account",
        "Answer the other",
        "By",
    ):
        assert said in read
    assert "/me/payout-account" in pages.signed_in(BO).buttons("/me")
    read = says(pages, can_receive=False, disabled_reason="under_review")
    assert "looks at what you sent" in read
    read = says(pages, can_receive=False, requirements=asked, disabled_reason="rejected.fraud")
    assert "refused this account for good: it suspects fraud" in read
    assert "/me/payout-account" not in pages.signed_in(BO).buttons("/me")
    with transaction() as session:
        payouts.record_account_gone(session, "acct_bo")
    assert "was disconnected at the payment provider" in pages.signed_in(BO).reads("/me")
    assert "/me/payout-account" in pages.signed_in(BO).buttons("/me")


def test_what_is_asked_for_later_is_said_before_it_hinders(pages: Pages) -> None:
    asked, day = ("individual.id_number",), datetime(2027, 3, 1, tzinfo=UTC)
    read = says(pages, requirements=asked, deadline=day)
    for said in ("Can be paid", "asks for more by 1 March 2027", "Give your national identity or tax number"):
        assert said in read
    assert "asks for more" not in says(pages)


def test_what_their_bank_refused_is_for_the_payee_alone(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.connect(BO)
    pages.world.linked()
    made = datetime(2026, 11, 1, tzinfo=UTC)
    with transaction() as session:
        failed = PayeePayout("po_1", Money(12_000, "EUR"), BankAnswer.FAILED, made, "no_account")
        record_bank_payout(session, "acct_bo", failed)
    said, claim = "Your bank refused 120 €: there is no such account.", f"/claims/{pages.world.claim().id}"
    for path in ("/me", claim):
        assert said in pages.signed_in(BO).reads(path)
    assert said not in pages.signed_in(DARA).reads(claim)
    assert "/me/payout-account" in pages.signed_in(BO).buttons("/me")
    pages.world.drain("notify.")
    assert [mail.to for mail in pages.world.rows(OutgoingMail) if mail.key.startswith("bank-")] == ["bo@example.org"]


def test_a_used_up_address_of_the_form_leads_to_a_new_one(pages: Pages) -> None:
    bo, gateway = pages.signed_in(BO), pages.outside.gateway
    bo.post("/me/payout-account", country="FR")
    assert [bo.get("/me/payout-account/again").location for _ in range(2)] == ["http://127.0.0.1/onboarding"] * 2
    assert len(gateway.keys("onboarding_link")) == 3
    dara = pages.signed_in(DARA)
    dara.post("/me/payout-account", country="NG")
    assert dara.get("/me/payout-account/again").location == "/me"


def test_another_currency_is_no_hindrance_and_said(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    pages.world.connect(BO)
    with transaction() as session:
        payouts.record_account(session, replace(account("acct_bo"), country="US", currency="USD"))
    read = pages.signed_in(DARA).reads("/tasks/1?tab=pulls")
    assert "can be paid; the payment provider converts it to their currency" in read
