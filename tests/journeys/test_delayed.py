"""Paying by SEPA debit and by Bancontact in a real browser, to the end that the bank decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import accessibility_faults
from tests.journeys.people import Visitor, visitor
from tests.journeys.site import Site, running_site

REPOSITORY = "ana/inkwell"
REFUSED = "AT861904300235473202"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An instance that takes debits and Bancontact as well."""
    folder = tmp_path_factory.mktemp("site")
    with running_site(folder, PAYMENT_METHODS="card,sepa_debit,bancontact") as running:
        yield running


@pytest.fixture(scope="module")
def task(chromium: Browser, site: Site) -> int:
    made = site.github("open_issue", repo=REPOSITORY, title="Slow money", body="Please.", **{"as": "dara"})
    with visitor(chromium, site) as ana:
        ana.sign_in("ana")
        ana.install_app(REPOSITORY)
        return ana.make_task(f"{site.sandbox}/github/{REPOSITORY}/issues/{made['number']}")


def to_checkout(someone: Visitor, task: int, method: str) -> Page:
    """Through the form to the processor's page, where one chooses by what to pay."""
    someone.fill_fund_form(task, "20", email="slow@example.org")
    someone.sees("On the next page you pay by card, SEPA debit or Bancontact.")
    someone.page.get_by_role("button", name=re.compile("^Fund")).click()
    someone.page.get_by_role("link", name=method).click()
    return someone.page


def no_faults(page: Page) -> None:
    """Neither for a screen reader nor on a narrow screen."""
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_debit_is_awaited_and_arrives(chromium: Browser, site: Site, task: int, theme: str) -> None:
    held = site.task(task)["held"]["amount_minor"]
    with visitor(chromium, site, javascript=True, theme="dark" if theme == "dark" else "light", width=360) as cleo:
        page = to_checkout(cleo, task, "SEPA debit")
        no_faults(page)
        page.get_by_role("button", name=re.compile("^Pay ")).click()
        expect(page).to_have_url(re.compile("/paid/"))
        cleo.sees("Your bank takes a few days")
        no_faults(page)
        assert site.task(task)["held"]["amount_minor"] == held
        paid = page.url.removeprefix(site.url)
        site.move_time(5)
        cleo.waits_for(paid, "Thank you. 20 € are held")
    assert site.task(task)["held"]["amount_minor"] == held + 2000


def test_a_refused_debit_is_paid_anew(chromium: Browser, site: Site, task: int) -> None:
    with visitor(chromium, site, javascript=False, width=360) as cleo:
        page = to_checkout(cleo, task, "SEPA debit")
        page.get_by_label("IBAN").fill("AT00")
        page.get_by_role("button", name=re.compile("^Pay ")).click()
        expect(page.get_by_role("alert")).to_contain_text("IBAN you provided is invalid")
        page.get_by_role("link", name=REFUSED).click()
        page.get_by_role("button", name=re.compile("^Pay ")).click()
        paid = page.url.removeprefix(site.url)
        site.move_time(5)
        cleo.waits_for(paid, "Your bank refused the payment")
        cleo.follow("Pay anew")
        expect(page.get_by_label("Amount", exact=True)).to_have_value("20")


@pytest.mark.parametrize(("answer", "then"), [("Yes", "/paid/"), ("No", "/pay/")])
def test_bancontact_is_confirmed_at_the_bank(chromium: Browser, site: Site, task: int, answer: str, then: str) -> None:
    with visitor(chromium, site, width=360) as cleo:
        page = to_checkout(cleo, task, "Bancontact")
        no_faults(page)
        page.get_by_role("button", name=re.compile("^Pay ")).click()
        page.get_by_role("button", name=re.compile(f"^{answer}")).click()
        expect(page).to_have_url(re.compile(then))
        if answer == "No":
            expect(page.get_by_role("alert")).to_contain_text("unable to authenticate")
        else:
            cleo.sees("Thank you. 20 € are held")
