"""My page: what waits for each role, where money is and why, and the payout account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts.models import Payee
from bountyhub.people.models import LoginSession
from bountyhub.ports.errors import OutsideUnavailable
from tests.builders.processor_says import account
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, later, merged, pull
from tests.pages.conftest import Pages


def test_a_stranger_is_asked_to_sign_in_and_comes_back(pages: Pages) -> None:
    assert pages.stranger().get("/me").location == "/sign-in?next=/me"


def test_nothing_to_do_says_what_will_be_here(pages: Pages) -> None:
    read = pages.signed_in(DARA).reads("/me")
    for said in ("Nothing now", "Nothing earned yet", "You fund nothing yet", "Connect a payout account"):
        assert said in read


def test_a_developer_is_told_to_connect_before_the_merge_and_after(pages: Pages) -> None:
    pages.world.pay(5000)
    opened = pages.world.linked()
    assert "Connect a payout account before your pull request is merged" in pages.signed_in(BO).reads("/me")
    pages.world.record(merged(opened))
    read = pages.signed_in(BO).reads("/me")
    assert "Connect a payout account: 50 € wait for you" in read
    assert "kept until" in read
    pages.world.connect(BO)
    assert "wait for you" not in pages.signed_in(BO).reads("/me")
    pages.world.send_transfers()
    assert "Paid" in pages.signed_in(BO).reads("/me")


def test_a_payout_names_the_reason_of_its_wait(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.connect(BO)
    pages.world.record(merged(pages.world.linked()))
    pages.world.connect(BO, can_receive=False)
    pages.world.send_transfers()
    read = pages.signed_in(BO).reads("/me")
    assert "your payout account can’t receive money now" in read
    assert "Something is missing" in read


def test_a_decider_finds_what_they_have_to_decide(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(pull(), merged(pull()))
    pages.world.task(13, opened=False)
    pages.know_roles()
    read = pages.signed_in(ANA).reads("/me")
    assert "Did #40 “Build it 40” deliver its task?" in read
    assert "People want “Export number 13”" in read
    for who in (BO, CLEO, DARA):
        assert "deliver its task" not in pages.signed_in(who).reads("/me")


def test_the_backer_of_a_merged_task_may_object_and_the_decider_settles(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    pages.know_roles()
    assert "was merged: is it what you funded?" in pages.signed_in(CLEO).reads("/me")
    pages.signed_in(CLEO).post(f"/claims/{pages.world.claim().id}/object", reason="No.")
    assert "Settle the objection to #40" in pages.signed_in(ANA).reads("/me")
    assert "Settle the objection" not in pages.signed_in(EVE).reads("/me")


def test_contributions_show_where_their_money_is(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.pay(2000)
    pages.signed_in(CLEO).post("/contributions/1/withdraw")
    read = pages.signed_in(CLEO).reads("/me")
    assert "On its way back" in read and "Held" in read and "until" in read
    assert "50.00 €" not in pages.signed_in(DARA).reads("/me")


def test_connecting_leads_to_the_form_and_opens_one_account(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    assert bo.post("/me/payout-account", country="FR").location == "http://127.0.0.1/onboarding"
    assert bo.post("/me/payout-account", country="FR").location == "http://127.0.0.1/onboarding"
    (payee,) = pages.world.rows(Payee)
    assert pages.outside.gateway.keys("create_account") == [payee.ref]
    assert bo.get("/me/payout-account/again").location == "http://127.0.0.1/onboarding"


def test_the_owner_hears_of_an_opened_payout_form_once_for_each_sign_in(pages: Pages) -> None:
    here, elsewhere = pages.signed_in(BO), pages.signed_in(BO)
    for someone in (here, here, elsewhere, here):
        someone.post("/me/payout-account", country="FR")
        pages.world.drain("notify.")
    assert len([mail for mail in pages.world.rows(OutgoingMail) if mail.key.startswith("payout-account:")]) == 2


def test_only_who_has_just_signed_in_reaches_the_payout_form_and_its_owner_hears_of_it(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    bo.post("/me/payout-account", country="FR")
    pages.world.drain("notify.")
    (mail,) = [mail for mail in pages.world.rows(OutgoingMail) if mail.key.startswith("payout-account:")]
    assert (mail.to, "form of your payout account was opened" in mail.text) == ("bo@example.org", True)
    with transaction() as session:
        for row in session.scalars(select(LoginSession)):
            row.signed_in_at -= timedelta(minutes=16)
    assert bo.post("/me/payout-account", country="FR").location == "/sign-in?next=/me&again=1"
    again = bo.get("/me/payout-account/again").location
    assert again == "/sign-in?next=/me/payout-account/again&again=1"
    assert "Sign in again" in bo.reads(again)
    assert pages.outside.gateway.keys("onboarding_link") == [bo_account(pages)]


def bo_account(pages: Pages) -> str:
    (payee,) = pages.world.rows(Payee)
    return str(payee.account)


def test_coming_back_reads_the_account(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    bo.post("/me/payout-account", country="FR")
    (payee,) = pages.world.rows(Payee)
    pages.outside.gateway.accounts[payee.account] = account(payee.account)
    assert bo.get("/me/payout-account/return").location == "/me"
    assert "you can be paid" in bo.reads("/me")
    assert "Can be paid" in bo.reads("/me")


def test_coming_back_while_the_processor_is_away_promises_to_look_later(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    bo.post("/me/payout-account", country="FR")
    pages.outside.gateway.fail["read_account"] = [OutsideUnavailable("stripe: no answer")]
    assert bo.get("/me/payout-account/return").status_code == 303
    assert "brought up to date in a few minutes" in bo.reads("/me")


def test_a_processor_that_is_away_leaves_an_intent_that_goes_on(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    pages.outside.gateway.fail["create_account"] = [OutsideUnavailable("stripe: no answer")]
    assert bo.post("/me/payout-account", country="FR").status_code == 503
    assert bo.post("/me/payout-account", country="FR").status_code == 303
    assert len(set(pages.outside.gateway.keys("create_account"))) == 1


def test_an_account_whose_answer_was_lost_is_looked_for_after_a_day(pages: Pages) -> None:
    bo, gateway = pages.signed_in(BO), pages.outside.gateway
    gateway.fail["create_account"] = [OutsideUnavailable("stripe: no answer")]
    bo.post("/me/payout-account", country="FR")
    (payee,) = pages.world.rows(Payee)
    gateway.accounts[f"acct_{payee.ref}"] = account(f"acct_{payee.ref}", can_receive=False)
    with transaction() as session:
        session.get_one(Payee, payee.id).called_at = clock.real_now() - timedelta(hours=25)
    assert bo.post("/me/payout-account", country="FR").status_code == 303
    assert (len(gateway.keys("create_account")), gateway.keys("find_account")) == (1, [payee.ref])
    assert [row.account for row in pages.world.rows(Payee)] == [f"acct_{payee.ref}"]


@pytest.mark.parametrize("path", ["/me/payout-account/again", "/me/payout-account/return"])
def test_the_forms_addresses_do_nothing_for_who_never_began(pages: Pages, path: str) -> None:
    assert pages.signed_in(DARA).get(path).location == "/me"
    assert pages.stranger().get(path).location.startswith("/sign-in")
    assert pages.world.rows(Payee) == []


def test_signing_out_everywhere_ends_every_session(pages: Pages) -> None:
    here, there = pages.signed_in(BO), pages.signed_in(BO)
    assert here.post("/me/sign-out-everywhere").location == "/"
    assert there.get("/me").status_code == 303
    assert all(row.revoked_at for row in pages.world.rows(LoginSession))


def test_money_whose_life_is_over_is_shown_as_returned(pages: Pages) -> None:
    pages.world.pay(5000)
    later(86)
    pages.world.sweep("work.sweep_lives")
    pages.world.send_refunds()
    assert "Returned" in pages.signed_in(CLEO).reads("/me")
