"""The pages with buttons in a real browser: accessible in both themes, no sideways scrolling."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Theme, accessibility_faults, visit
from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


def _pages(hub: Hub) -> list[str]:
    hub.install("ana", INKWELL)
    waiting = hub.do("open_pull_request", repo=INKWELL, as_="bo", title="Mend it", commits=["One", "Two"])["number"]
    merged = hub.do("open_pull_request", repo=INKWELL, as_="bo", title="Mended")["number"]
    sha = hub.do("merge", repo=INKWELL, number=merged)["sha"]
    comment = hub.do("comment", repo=INKWELL, number=1, body="rude", as_="cleo")["id"]
    hub.do("hide_comment", repo=INKWELL, id=comment)
    hub.do("app_asks", permissions="contents:read,metadata:read")
    place = f"/github/settings/installations/{hub.app().get_user_installation('ana').id}"
    home = f"/github/{INKWELL}"
    inside = ("settings", "settings/access", "issues/1", f"pull/{waiting}", f"pull/{merged}", f"commit/{sha}")
    return ["/github/", "/github/ana", "/github/apps/bountyhub", place, *(f"{home}/{one}" for one in inside)]


def _scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_with_buttons_is_accessible_and_fits(hub: Hub, chromium: Browser, theme: Theme, width: int) -> None:
    paths = _pages(hub)
    with visit(chromium, theme=theme, width=width) as page:
        page.context.add_cookies([{"name": "sandbox_github", "value": "ana", "url": f"{hub.url}/github"}])
        for path in paths:
            page.goto(hub.url + path)
            assert page.get_by_text("You are ana").is_visible(), path
            assert not _scrolls_sideways(page), path
            assert accessibility_faults(page) == [], path
