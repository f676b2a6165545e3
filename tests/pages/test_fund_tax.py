"""The fund form where a tax is computed, and what it takes for the papers: shown before paying, kept when refused."""

from __future__ import annotations

import pytest

from bountyhub import settings
from tests.builders.settings import play_settings
from tests.pages.conftest import Pages, words
from tests.pages.test_fund import contributions, form

TAXED = {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": 20, "DE": 19}}


def test_without_a_tax_nobody_is_asked_for_a_country(pages: Pages) -> None:
    text = pages.stranger().get("/tasks/1/fund").text
    assert 'name="country"' not in text and "VAT number" in text
    assert '<details class="confirm">' in text


def test_the_tax_is_in_the_fee_line_and_the_total_before_paying(pages: Pages) -> None:
    settings.use(play_settings(**TAXED))
    said = pages.stranger().reads("/tasks/1/fund")
    assert "20 % VAT" in said and "You pay 26.80 €" in said  # 25 + 1.50 + 20 % of 1.50


def test_another_country_than_the_one_shown_is_asked_about_once(pages: Pages) -> None:
    settings.use(play_settings(**TAXED))
    path, filled = "/tasks/1/fund", form(pages, country="DE", shown_rate="2000")
    answer = pages.stranger().post(path, **filled)
    assert answer.status_code == 422
    assert "another than the one shown" in words(answer) and "You pay 26.79 €" in words(answer)
    assert 'name="shown_rate" type="hidden" value="1900"' in answer.text or 'value="1900"' in answer.text
    assert contributions(pages) == []
    assert pages.stranger().post(path, **filled | {"shown_rate": "1900"}).status_code == 303
    (made,) = contributions(pages)
    assert (made.vat, made.vat_country, made.total.amount) == (29, "DE", 2679)


def test_a_company_of_another_country_owes_the_tax_itself(pages: Pages) -> None:
    settings.use(play_settings(**TAXED))
    company = {"company_name": "Übung GmbH", "company_address": "Weg 1\nBerlin", "company_vat_id": "DE 123456789"}
    filled = form(pages, country="DE", shown_rate="1900", **company)
    answer = pages.stranger().post("/tasks/1/fund", **filled)
    assert "reverse charge" in words(answer) and '<details class="confirm" open>' in answer.text
    assert pages.stranger().post("/tasks/1/fund", **filled | {"shown_rate": "0"}).status_code == 303
    assert [(made.vat, made.business) for made in contributions(pages)] == [(0, False)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"company_vat_id": "12", "company_name": "A", "company_address": "B"}, "not a VAT number"),
        ({"company_address": "somewhere"}, "needs a name"),
        ({"company_name": "A", "company_vat_id": "FR12345678901"}, "needs an address"),
    ],
)
def test_details_that_make_no_paper_are_refused_and_kept(pages: Pages, changes: dict[str, str], said: str) -> None:
    answer = pages.stranger().post("/tasks/1/fund", **form(pages, **changes))
    assert answer.status_code == 422
    assert said in words(answer)
    assert all(typed in answer.text for typed in changes.values())
    assert contributions(pages) == []
