"""What people do in their browser, by the words they see: the steps that journeys are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.browser import Theme, visit
from tests.journeys.site import Site, until


@dataclass
class Visitor:
    """One person with their own browser."""

    site: Site
    page: Page

    def open(self, path: str) -> Page:
        """Go to a page of the application."""
        answer = self.page.goto(f"{self.site.url}{path}")
        assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"
        return self.page

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Somewhere on the page."""
        expect(self.page.locator("main")).to_contain_text(words)

    def waits_for(self, path: str, words: str) -> None:
        """Reloads a page until it says something (works without scripts too)."""
        until(lambda: words in self.open(path).locator("main").inner_text(), f"{path} says “{words}”")

    def press(self, words: str) -> None:
        """A button, by its words."""
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def follow(self, words: str) -> None:
        """A link, by its words."""
        self.page.get_by_role("link", name=words).first.click()

    def sign_in(self, login: str, next: str = "") -> None:
        """With GitHub, whose stand-in asks who one is."""
        self.open(f"/sign-in?next={next}" if next else "/sign-in")
        self.press("Continue with GitHub")
        self.page.locator(f"button[name=login][value={login}]").click()
        expect(self.page.locator("header .account")).to_contain_text(login)

    def install_app(self, *full_names: str) -> int:
        """As a maintainer: put the App on repositories; the installation's number."""
        self.open("/projects")
        self.follow("Add your project")
        for full_name in full_names:
            self.page.get_by_label(re.compile(rf"^{re.escape(full_name)}\b")).check()
        with self.page.expect_request(re.compile(r"installation_id=\d+")) as back:
            self.page.get_by_role("button", name=re.compile("^(Install|Save)$")).click()
        expect(self.page).to_have_url(re.compile(r"/projects"))
        return int(back.value.url.partition("installation_id=")[2].partition("&")[0])

    def make_task(self, issue_url: str) -> int:
        """From an issue's address; the task's number."""
        self.open("/tasks/new")
        self.page.get_by_label("Address of the issue").fill(issue_url)
        self.press("Find this issue")
        return self.task_here()

    def task_here(self) -> int:
        """The number of the task whose page this is."""
        expect(self.page).to_have_url(re.compile(r"/tasks/\d+"))
        found = re.search(r"/tasks/(\d+)", self.page.url)
        assert found is not None
        return int(found[1])

    def fill_fund_form(self, task_id: int, amount: str, *, email: str = "", anonymous: bool = False) -> None:
        """Choose an amount on the task's page."""
        self.open(f"/tasks/{task_id}")
        self.page.get_by_label("Amount", exact=True).fill(amount)
        if email:
            self.page.get_by_label("Your e-mail address").fill(email)
        if anonymous:
            self.page.get_by_label("Don’t show my name").check()
        self.page.get_by_label("I agree").check()

    def fund(self, task_id: int, amount: str, *, email: str = "", anonymous: bool = False) -> None:
        """Put money on a task, through the processor's page, to the thank-you page."""
        self.fill_fund_form(task_id, amount, email=email, anonymous=anonymous)
        self.page.get_by_role("button", name=re.compile("^Fund")).click()
        self.page.get_by_role("button", name=re.compile("^Pay ")).click()
        expect(self.page).to_have_url(re.compile(r"/paid/"))

    def connect_payout_account(self) -> None:
        """Through the processor's form, until it says that one can be paid."""
        assert "Can be paid" not in self.open("/me").locator("main").inner_text()
        country = self.page.get_by_label("Country where you live")
        if country.count():
            country.select_option("DE")
        self.page.get_by_role("button", name=re.compile("^(Connect a payout account|Go on)")).first.click()
        self.press("Finish onboarding")
        expect(self.page).to_have_url(re.compile(r"/me$"))
        self.waits_for("/me", "Can be paid")

    def open_pull_request(self, repository: str, issue: int, title: str) -> int:
        """On GitHub, saying that it fixes an issue; its number."""
        self.page.goto(f"{self.site.sandbox}/github/{repository}/compare?issue={issue}")
        self.page.get_by_label("Title").fill(title)
        self.press("Create pull request")
        found = re.search(r"/pull/(\d+)", self.page.url)
        assert found is not None, self.page.url
        return int(found[1])

    def merge(self, repository: str, number: int) -> None:
        """On GitHub, with the merge button."""
        self.page.goto(f"{self.site.sandbox}/github/{repository}/pull/{number}")
        self.press("Merge pull request")
        expect(self.page.locator("#merge-box")).to_contain_text("merged this")


@contextmanager
def visitor(
    chromium: Browser, site: Site, *, javascript: bool = True, theme: Theme = "light", width: int = 1280
) -> Iterator[Visitor]:
    """A fresh visitor of the site."""
    with visit(chromium, javascript=javascript, theme=theme, width=width) as page:
        yield Visitor(site, page)
