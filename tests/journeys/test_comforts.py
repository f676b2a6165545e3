"""What scripts add, and what the keyboard alone can do: live totals, pages that stay true, one post a press."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.filled import REPOSITORY
from tests.journeys.people import visitor
from tests.journeys.site import Site, until

Task = tuple[int, int]


@pytest.fixture(scope="module")
def task(chromium: Browser, site: Site) -> Task:
    """An open task: its number and its issue's."""
    made = site.github("open_issue", repo=REPOSITORY, title="Something to fund", body="Please.", **{"as": "dara"})
    with visitor(chromium, site) as ana:
        ana.sign_in("ana")
        ana.install_app(REPOSITORY)
        number = int(made["number"])
        return ana.make_task(f"{site.sandbox}/github/{REPOSITORY}/issues/{number}"), number


def test_the_total_follows_what_is_chosen_and_typed(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as cleo:
        page = cleo.open(f"/tasks/{task[0]}")
        page.get_by_role("button", name="50 €", exact=True).click()
        expect(page.locator("dd[data-line=total]")).to_have_text("52.75 €")
        page.get_by_label("Amount", exact=True).fill("12,5")
        expect(page.locator("dd[data-line=total]")).to_have_text("13.38 €")
        expect(page.get_by_role("button", name=re.compile("^Fund"))).to_contain_text("12.50 €")


def test_what_is_no_amount_gets_no_total(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as cleo:
        page = cleo.open(f"/tasks/{task[0]}")
        page.get_by_label("Amount", exact=True).fill("abc")
        expect(page.locator("dd[data-line=total]")).to_have_text("…")
        expect(page.get_by_role("button", name=re.compile("^Fund"))).to_have_text("Fund …")
        page.get_by_label("Amount", exact=True).fill("12,5")
        expect(page.locator("dd[data-line=total]")).to_have_text("13.38 €")


def test_what_the_last_button_did_is_where_the_reader_is_put(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as bo:
        bo.sign_in("bo")
        bo.open("/me").get_by_role("button", name="Sign out on every device").click()
        expect(bo.page.get_by_text("You are signed out on every device.")).to_be_focused()


def test_the_total_in_the_browser_is_the_one_that_is_charged(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as cleo:
        cleo.fill_fund_form(task[0], "33.33", email="exact@example.org")
        shown = cleo.page.locator("dd[data-line=total]").inner_text()
        cleo.page.get_by_role("button", name=re.compile("^Fund")).click()
        expect(cleo.page.get_by_role("button", name=re.compile("^Pay "))).to_contain_text(shown.split()[0])


def test_a_double_click_begins_one_payment(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as cleo:
        cleo.fill_fund_form(task[0], "15", email="double@example.org")
        cleo.page.get_by_role("button", name=re.compile("^Fund")).dblclick()
        cleo.page.get_by_role("button", name=re.compile("^Pay ")).dblclick()
        expect(cleo.page).to_have_url(re.compile("/paid/"))
        cleo.sees("Thank you")
    until(lambda: site.mails("double@example.org"), "the receipt is there")
    assert len(site.mails("double@example.org")) == 1


def test_an_open_page_shows_what_happens_by_itself(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as watcher, visitor(chromium, site) as cleo:
        page = watcher.open(f"/tasks/{task[0]}")
        before = page.locator(".sum").inner_text()
        cleo.fund(task[0], "20", email="live@example.org")
        expect(page.locator(".sum")).not_to_have_text(before)
        site.github("open_pull_request", repo=REPOSITORY, title="It", body=f"Fixes #{task[1]}", **{"as": "bo"})
        expect(page.locator("[data-part=next]")).to_contain_text("When a maintainer merges")
        expect(page.locator("[data-live-voice]")).to_contain_text("When a maintainer merges")


def test_what_is_being_typed_stays_while_the_page_keeps_itself_true(chromium: Browser, site: Site, task: Task) -> None:
    issue = site.github("open_issue", repo=REPOSITORY, title="Another", body="Please.", **{"as": "dara"})["number"]
    with visitor(chromium, site) as ana:
        ana.sign_in("ana")
        made = ana.make_task(f"{site.sandbox}/github/{REPOSITORY}/issues/{issue}")
    with visitor(chromium, site) as bo:
        bo.sign_in("bo")
        page = bo.open(f"/tasks/{made}?tab=pulls")
        page.get_by_text("Claim it with a pull request of yours").click()
        field, part = page.get_by_label("Address of your pull request"), page.locator("[data-part=tab-pulls]")
        field.fill("https://example.org/half")
        page.get_by_role("heading", level=1).click()
        site.github("open_pull_request", repo=REPOSITORY, title="Its answer", body=f"Fixes #{issue}", **{"as": "eve"})
        expect(page.locator("[data-part=next]")).to_contain_text("When a maintainer merges")
        page.wait_for_timeout(4000)
        expect(field).to_have_value("https://example.org/half")
        expect(part).not_to_contain_text("Its answer")
        field.fill("")
        page.get_by_text("Claim it with a pull request of yours").click()
        page.get_by_role("heading", level=1).click()
        expect(part).to_contain_text("Its answer")


def test_funding_with_the_keyboard_alone(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as cleo:
        page = cleo.open(f"/tasks/{task[0]}/fund")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        _tab_to(page, "Amount")
        page.keyboard.press("Control+A")
        page.keyboard.type("30")
        _tab_to(page, "Your e-mail address")
        page.keyboard.type("keys@example.org")
        _tab_to(page, "I agree")
        page.keyboard.press("Space")
        pay = page.get_by_role("button", name=re.compile("^Fund"))
        for _ in range(5):  # the terms are read by a link on the way
            page.keyboard.press("Tab")
            if pay.evaluate("element => element === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=re.compile("^Pay .*31.75"))).to_be_visible()


def _tab_to(page: Page, label: str) -> None:
    """Press Tab until the field of a label has the focus; it is visible then."""
    field = page.get_by_label(label, exact=label == "Amount")
    for _ in range(30):
        if field.evaluate("element => element === document.activeElement"):
            assert field.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {label}")


def test_wrong_input_comes_back_with_the_focus_on_what_is_wrong(chromium: Browser, site: Site, task: Task) -> None:
    with visitor(chromium, site) as cleo:
        cleo.fill_fund_form(task[0], "1e5", email="wrong@example.org")
        cleo.page.get_by_role("button", name=re.compile("^Fund")).click()
        expect(cleo.page.get_by_role("alert")).to_be_focused()
        field = cleo.page.get_by_label("Amount", exact=True)
        expect(field).to_have_value("1e5")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(cleo.page.get_by_label("Your e-mail address")).to_have_value("wrong@example.org")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_chosen_without_scripts(chromium: Browser, site: Site, theme: str) -> None:
    with visitor(chromium, site, javascript=False) as dara:
        dara.open("/tasks?q=x")
        dara.page.get_by_role("button", name={"light": "Light", "dark": "Dark"}[theme], exact=True).click()
        expect(dara.page.locator("html")).to_have_attribute("data-theme", theme)
        expect(dara.page).to_have_url(re.compile(r"/tasks\?q=x"))
