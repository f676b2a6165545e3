"""The processing cost kept at a late withdrawal, on every page: named before paying, said again before it is kept."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from bountyhub import settings
from bountyhub.funding.models import AgreedText, Contribution, Refund
from bountyhub.kit.database import transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from tests.builders.settings import play_settings
from tests.builders.world import CLEO, later
from tests.pages.conftest import Pages, words
from tests.pages.test_fund import contributions, form

KEPT = "kept for what processing the payment costs"
#: Of 25.00 with 1.50, and of 50.00 with 2.75.
OF_25, OF_50 = "112", "197"


@pytest.fixture(autouse=True)
def keeping(pages: Pages) -> None:
    settings.use(play_settings(KEEP_COST_AFTER_COOLING_OFF=True))


def path(pages: Pages) -> str:
    return f"/tasks/{pages.world.task_id}/fund"


def test_a_site_that_keeps_nothing_says_nothing_of_it(pages: Pages) -> None:
    settings.use(play_settings())
    text = pages.stranger().get(path(pages)).text
    assert KEPT not in text and "shown_kept" not in text
    assert "processing cost" not in pages.stranger().get("/legal/terms").text


def test_the_form_names_the_sum_and_the_terms_say_when(pages: Pages) -> None:
    read = pages.stranger().reads(path(pages))
    assert f"if you take it back yourself, 1.12 € of it are {KEPT}" in read
    assert "After 14 days, or at once if you buy as a business" in read
    assert "Later, the processing cost named here is kept if I take it back myself." in read
    assert "the processing cost that was named before you paid is kept" in pages.stranger().reads("/legal/terms")
    assert KEPT in pages.stranger().reads(f"/tasks/{pages.world.task_id}")


def test_what_was_shown_is_what_is_agreed_to(pages: Pages) -> None:
    answer = pages.stranger().post(path(pages), **form(pages, shown_kept=OF_25))
    assert answer.status_code == 303
    (made,) = contributions(pages)
    assert made.kept_cost == int(OF_25)
    assert "named there: 1.12 EUR." in pages.world.rows(AgreedText)[0].text


@pytest.mark.parametrize("shown", ["", OF_50, "0", "x"])
def test_another_sum_than_the_one_shown_is_asked_about_once(pages: Pages, shown: str) -> None:
    filled = form(pages, shown_kept=shown)
    answer = pages.stranger().post(path(pages), **filled)
    assert answer.status_code == 422
    assert "another sum than the one shown before" in words(answer) and "1.12 €" in words(answer)
    assert 'value="Guest@Example.org"' in answer.text
    (hidden,) = re.findall(r'<input[^>]*name="shown_kept"[^>]*>', answer.text)
    assert 'value="112"' in hidden
    assert contributions(pages) == []
    assert pages.stranger().post(path(pages), **filled | {"shown_kept": OF_25}).status_code == 303


def test_a_wrong_amount_names_no_sum_and_keeps_what_was_typed(pages: Pages) -> None:
    answer = pages.stranger().post(path(pages), **form(pages, amount="ten", shown_kept=OF_25))
    assert answer.status_code == 422 and 'value="ten"' in answer.text


def test_a_form_sent_twice_is_one_contribution(pages: Pages) -> None:
    filled = form(pages, shown_kept=OF_25)
    first, second = (pages.stranger().post(path(pages), **filled) for _ in range(2))
    assert first.location == second.location and len(contributions(pages)) == 1


def test_a_promise_names_and_keeps_nothing(pages: Pages) -> None:
    assert KEPT not in pages.stranger().reads(f"/tasks/{pages.world.task_id}/promise")


def given(pages: Pages) -> Contribution:
    return pages.world.pay(5000)


def test_within_the_days_the_button_says_that_all_goes_back(pages: Pages) -> None:
    read = pages.signed_in(CLEO).reads(f"/contributions/{given(pages).id}")
    assert "52.75 € go back to your card, the fee too." in read
    assert "Kept if you take it back later, for the processing cost 1.97 €" in read


@pytest.mark.parametrize("by_link", [True, False])
def test_later_the_button_says_what_is_kept_and_keeps_that(pages: Pages, by_link: bool) -> None:
    contribution = given(pages)
    later(20)
    with transaction() as session:
        secret = make_link(session, LinkPurpose.CONTRIBUTION, contribution.email, contribution.id)
    someone = pages.stranger() if by_link else pages.signed_in(CLEO)
    base = f"/c/{secret}" if by_link else f"/contributions/{contribution.id}"
    read = someone.reads(base)
    assert "50.78 € go back to your card, 1.97 € of processing cost are kept, as said when you paid." in read
    assert re.search(r'name="kept" value="197"', someone.get(base).text)
    assert someone.post(f"{base}/withdraw", kept=OF_50).status_code == 303
    assert [(row.total, row.kept) for row in pages.world.rows(Refund)] == [(5078, 197)]
    assert "1.97 € of processing cost are kept, as said when you paid." in someone.reads(base)
    pages.world.send_refunds()
    after = someone.reads(base)
    assert "50.78 € went back to your card" in after and "Returned" in after


@pytest.mark.parametrize("kept", ["", "0", "-197", "1e9", "9" * 40, "²"])
def test_a_page_from_before_the_days_ended_takes_nothing(pages: Pages, kept: str) -> None:
    contribution = given(pages)
    later(20)
    cleo = pages.signed_in(CLEO)
    answer = cleo.post(f"/contributions/{contribution.id}/withdraw", kept=kept)
    assert answer.status_code == 409
    assert "have ended since you looked at this page" in words(answer)
    assert pages.world.rows(Refund) == []


def test_a_notice_says_it_too(pages: Pages) -> None:
    contribution = given(pages)
    pages.world.linked()
    later(20)
    cleo, base = pages.signed_in(CLEO), f"/contributions/{contribution.id}"
    kept = "1.97 € of processing cost are kept, as said when you paid."
    assert f"50.78 € go back in 7 days, {kept}" in cleo.reads(base)
    cleo.post(f"{base}/withdraw", kept=OF_50)
    assert f", {kept}" in cleo.reads(base)
    assert "1.97 EUR of processing cost are kept" in mail(pages, "notice")


def mail(pages: Pages, occasion: str) -> str:
    pages.world.drain("notify.")
    (found,) = (one for one in pages.world.rows(OutgoingMail) if one.key.startswith(f"{occasion}:"))
    return str(found.text)


def test_mails_say_it_when_it_was_paid_and_when_it_goes_back(pages: Pages) -> None:
    contribution = given(pages)
    assert "later 1.97 EUR of it are kept for what processing the payment cost" in mail(pages, "receipt")
    later(20)
    pages.signed_in(CLEO).post(f"/contributions/{contribution.id}/withdraw", kept=OF_50)
    assert "You took it back. 1.97 EUR of processing cost are kept, as said when you paid." in mail(pages, "refund")


def test_programs_read_what_would_be_kept(pages: Pages) -> None:
    given(pages)
    told = pages.stranger().get(f"/api/v1/tasks/{pages.world.task_id}").json
    assert told is not None
    assert told["contributions"][0]["kept_if_withdrawn_late"] == {"amount_minor": 197, "currency": "EUR"}


def test_renewing_names_what_was_named_before(pages: Pages) -> None:
    contribution = given(pages)
    settings.use(play_settings(KEEP_COST_AFTER_COOLING_OFF=True, COST_PERCENT=Decimal(9)))
    cleo, renew = pages.signed_in(CLEO), f"/contributions/{contribution.id}/renew"
    assert "1.97 € of it are kept for what processing it costs" in cleo.reads(renew)
    changed = cleo.post(renew, consent="yes", shown_kept="0")
    assert changed.status_code == 422 and "another sum than the one shown" in words(changed)
    assert cleo.post(renew, consent="yes", shown_kept=OF_50).status_code == 303
    assert contributions(pages)[1].kept_cost == 197


def test_renewing_what_keeps_nothing_names_nothing(pages: Pages) -> None:
    settings.use(play_settings())
    contribution = given(pages)
    settings.use(play_settings(KEEP_COST_AFTER_COOLING_OFF=True))
    cleo, renew = pages.signed_in(CLEO), f"/contributions/{contribution.id}/renew"
    assert "kept for what" not in cleo.reads(renew)
    assert cleo.post(renew, consent="yes").status_code == 303
    assert contributions(pages)[1].kept_cost == 0
