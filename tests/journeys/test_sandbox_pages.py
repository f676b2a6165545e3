"""Every page of the sandboxes that a person can reach: no fault for axe in either theme, nothing too wide.

The pages of a payment and of a payout account are looked at on the way; the rest is found by following the links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.exceptions import HTTPException

from bountyhub.sandbox.app import create_sandbox
from bountyhub.sandbox.config import SandboxConfig
from tests.browser import Theme, accessibility_faults
from tests.journeys.filled import REPOSITORY
from tests.journeys.people import visitor
from tests.journeys.site import Site, until

THEMES: tuple[Theme, ...] = ("light", "dark")
NARROW, WIDE = ViewportSize(width=320, height=800), ViewportSize(width=1280, height=900)
ASKS_THE_BANK = "4000002760003184"
#: Beginnings of addresses that are no pages.
NO_PAGES = {
    "/static/": "files",
    "/healthz": "for programs",
    "/clock": "for programs",
    "/mailbox/messages.json": "for programs",
    "/stripe/v1/": "Stripe's API",
    "/stripe/control/": "for tests",
    "/github/api/": "GitHub's API",
    "/github/control": "for tests",
    "/github/avatars/": "pictures",
    "/mailbox/messages/<id>/html": "somebody's mail, shown in a frame of its page",
    "/stripe/onboarding/<token>": "leads on to the form",
}


#: The bank's page of a saved card, reached by a promise alone: made of the same template as the checkout's.
REACHED_OTHERWISE = {"/stripe/intents/<id>/authenticate"}


class Looking:
    """Which routes of the sandboxes were looked at, and what was wrong there."""

    def __init__(self, app: Flask) -> None:
        self._map = app.url_map.bind("sandbox")
        self.pages = {str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
        self.pages = {rule for rule in self.pages if not rule.startswith(tuple(NO_PAGES))}
        self.seen: set[str] = set()
        self.wrong: list[str] = []

    def rule(self, url: str) -> str:
        """The route of an address; empty where there is none."""
        try:
            return str(self._map.match(urlsplit(url).path, return_rule=True)[0])
        except HTTPException:
            return ""

    def at(self, page: Page) -> None:
        """Look at the page that is open."""
        self.seen.add(self.rule(page.url))
        page.emulate_media(reduced_motion="reduce")
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            self.wrong += [f"{theme} {fault}" for fault in accessibility_faults(page)]
        page.set_viewport_size(NARROW)
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.wrong += [f"{page.url}: {too_wide} px too wide"] if too_wide > 0 else []
        page.set_viewport_size(WIDE)

    def follow_links(self, page: Page, base: str, *paths: str) -> None:
        """The pages at these paths, and one address of each further route that links lead to."""
        waiting = [base + path for path in paths]
        known = self.seen | {self.rule(url) for url in waiting}
        while waiting:
            answer = page.goto(waiting.pop(0))
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            self.at(page)
            hrefs: list[str] = page.locator("a[href]").evaluate_all("all => all.map((a) => a.href)")
            for href in hrefs:
                rule = self.rule(href) if href.startswith(base) else ""
                if rule in self.pages and rule not in known:
                    known.add(rule)
                    waiting.append(href)


@pytest.fixture
def looking(tmp_path: Path) -> Iterator[Looking]:
    """Knows the routes from an application that nobody visits."""
    app = create_sandbox(
        SandboxConfig(
            url="http://sandbox", app_url="http://app", database=tmp_path / "unused.db", stripe_key="sk_sandbox_x",
            stripe_webhook_secret="x", github_app_id=7, github_app_private_key="", github_webhook_secret="x",
            github_client_id="x", github_client_secret="x",
        )
    )  # fmt: skip
    yield Looking(app)
    app.extensions["sandbox"].store.close()


def test_every_page_is_without_a_fault(chromium: Browser, site: Site, looking: Looking) -> None:
    issue = int(site.github("open_issue", repo=REPOSITORY, title="Look", body="Please.", **{"as": "dara"})["number"])
    with visitor(chromium, site) as ana:
        ana.open("/sign-in")
        ana.press("Continue with GitHub")
        looking.at(ana.page)
        ana.page.locator("button[name=login][value=ana]").click()
        ana.install_app(REPOSITORY)
        task = ana.make_task(f"{site.sandbox}/github/{REPOSITORY}/issues/{issue}")
    _pay(chromium, site, looking, task)
    _connect(chromium, site, looking)
    site.github("open_pull_request", repo=REPOSITORY, title="It", body=f"Fixes #{issue}", **{"as": "bo"})
    until(lambda: site.task(task)["claims"] and site.task(task)["claims"][0]["shown_at"], "the link is shown")
    with visitor(chromium, site) as ana:
        ana.page.goto(f"{site.sandbox}/github/")
        ana.page.locator("button[name=login][value=ana]").first.click()
        starts = ("/", "/github/bo", "/github/apps/bountyhub", f"/github/{REPOSITORY}/pulls")
        looking.follow_links(ana.page, site.sandbox, *starts)
    unseen = looking.pages - looking.seen - REACHED_OTHERWISE
    assert sorted(unseen) == [], "pages nobody looked at"
    assert not looking.wrong, "\n".join(looking.wrong)


def _pay(chromium: Browser, site: Site, looking: Looking, task: int) -> None:
    with visitor(chromium, site) as cleo:
        page = cleo.page
        cleo.fill_fund_form(task, "20", email="look@example.org")
        page.get_by_role("button", name=re.compile("^Fund")).click()
        checkout = page.url
        looking.at(page)
        page.get_by_label("Card number").fill("4000 0000 0000 0002")
        page.get_by_role("button", name=re.compile("^Pay ")).click()
        page.get_by_role("alert").wait_for()
        looking.at(page)
        page.get_by_label("Card number").fill(ASKS_THE_BANK)
        page.get_by_role("button", name=re.compile("^Pay ")).click()
        looking.at(page)
        page.get_by_role("button", name=re.compile("Complete|Yes|Confirm")).first.click()
        page.wait_for_url(re.compile("/paid/"))
        page.goto(checkout)
        looking.at(page)
        page.goto(f"{site.sandbox}/stripe/pay/cs_test_nothing")
        looking.at(page)


def _connect(chromium: Browser, site: Site, looking: Looking) -> None:
    with visitor(chromium, site) as bo:
        bo.sign_in("bo")
        page = bo.open("/me")
        page.get_by_label("Country where you live").select_option("DE")
        page.get_by_role("button", name=re.compile("^Connect")).first.click()
        looking.at(bo.page)
        bo.press("Finish onboarding")
        bo.page.wait_for_url(re.compile("/me$"))
