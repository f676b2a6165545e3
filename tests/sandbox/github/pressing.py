"""Pressing the buttons of the pages, which are read as a browser without JavaScript does; used by tests here."""

from __future__ import annotations

from bountyhub.cli.demo.browser import Browser
from bountyhub.cli.demo.page import Page
from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


def person(hub: Hub, login: str) -> Browser:
    """Somebody's browser."""
    browser = Browser(hub.url)
    browser.press(browser.open("/github/"), login, to="/github/switch")
    return browser


def twice(browser: Browser, page: Page, words: str, to: str = "", **typed: str) -> Page:
    """A double click: the second press is of the same, old page."""
    browser.press(page, words, to=to, **typed)
    return browser.try_to_press(page, words, to=to, **typed)


def told(hub: Hub) -> list[str]:
    """Every event that was written for the App since it was installed, oldest first, sent already or not."""
    lines = hub.do("deliveries")["deliveries"]
    return [line["event"] for line in reversed(lines) if line["event"] != "installation.created"]
