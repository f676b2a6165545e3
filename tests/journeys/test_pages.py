"""Every page for everybody: each GET route is visited for each role, is what it should be, and axe finds no fault.

A route that no browser opens stands in NOT_VISITED with the reason; a new route fails this test until it is listed.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from tests.browser import Theme, accessibility_faults
from tests.journeys.filled import Filled, fill
from tests.journeys.people import Visitor, visitor
from tests.journeys.routes import NOT_VISITED, VISITED, get_rules
from tests.journeys.site import Site

LOGINS = {
    "signed-out": "",
    "maintainer": "ana",
    "developer": "bo",
    "backer": "cleo",
    "outsider": "dara",
    "operator": "olga",
}
#: What the body of a page consists of.
PARTS = re.compile(r"<(header|main|footer)\b.*?</\1>", re.DOTALL)
THEMES: tuple[Theme, ...] = ("light", "dark")
NARROW = ViewportSize(width=320, height=800)
WIDE = ViewportSize(width=1280, height=900)


@pytest.fixture(scope="module")
def filled(chromium: Browser, site: Site) -> Filled:
    """The instance with something on every page."""
    return fill(chromium, site)


@dataclass
class Seen:
    """Which heads and contents were looked at already: what several people see the same way is looked at once."""

    digests: set[str]

    def is_new(self, html: str) -> bool:
        """Whether nobody saw this head, this content or this foot yet."""
        found = {_digest(part[0]) for part in PARTS.finditer(html)}
        new = bool(found - self.digests)
        self.digests |= found
        return new


def _digest(html: str) -> str:
    text = re.sub(r'value="[^"]*"|data-\S+="[^"]*"|<time.*?</time>', "", html)
    return hashlib.sha256(text.encode()).hexdigest()


def test_every_route_is_visited_or_has_a_reason(sqlite: str) -> None:
    rules = get_rules(sqlite)
    assert not rules - VISITED.keys() - NOT_VISITED.keys(), "routes nobody visits"
    assert not (VISITED.keys() | NOT_VISITED.keys()) - rules, "listed routes that don't exist"


def test_every_page_is_right_for_every_role_and_without_a_fault(chromium: Browser, filled: Filled) -> None:
    """One test, so that what several roles see alike is looked at once."""
    seen, wrong = Seen(set()), []
    for role, login in LOGINS.items():
        with visitor(chromium, filled.site) as someone:
            if login:
                someone.sign_in(login)
            wrong += _look_at_all(someone, role, filled, seen)
    assert not wrong, "\n".join(wrong)


def _look_at_all(someone: Visitor, role: str, filled: Filled, seen: Seen) -> list[str]:
    wrong: list[str] = []
    someone.page.on(
        "console", lambda told: wrong.append(f"{told.location['url']}: {told.text}") if _is_fault(told) else None
    )
    someone.page.on("pageerror", lambda error: wrong.append(str(error)))
    for visit in VISITED.values():
        for path in visit.paths(filled):
            wrong += _look(someone, path, visit.expected(role), role, seen)
    return wrong


def _is_fault(message: ConsoleMessage) -> bool:
    """The browser tells a page's own 403 or 404 too, which is what the page should answer; not so its style sheet's."""
    told = message.text.startswith("Failed to load resource")
    return message.type == "error" and not (told and message.page and message.location["url"] == message.page.url)


def _look(someone: Visitor, path: str, expected: int, role: str, seen: Seen) -> list[str]:
    """Ask as this person's browser does; what nobody saw yet is opened and looked at."""
    url = f"{someone.site.url}{path}"
    answer = someone.page.request.get(url, max_redirects=0)
    if answer.status != expected:
        return [f"{role} {path}: {answer.status} instead of {expected}"]
    leads_on = answer.status == 303
    if not leads_on and ("text/html" not in answer.headers["content-type"] or not seen.is_new(answer.text())):
        return []
    someone.page.goto(url)
    if leads_on and not seen.is_new(someone.page.content()):
        return []
    return _faults(someone.page, path, role)


def _faults(page: Page, path: str, role: str) -> list[str]:
    """Of axe in both themes, and sideways scrolling on a narrow screen."""
    faults = []
    page.emulate_media(reduced_motion="reduce")  # else colours are caught while they change
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        faults += [f"{role} {theme} {fault}" for fault in accessibility_faults(page)]
        _keep(page, f"{role}-{theme}-{path}")
    page.set_viewport_size(NARROW)
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if too_wide > 0:
        faults.append(f"{role} {path}: {too_wide} px too wide for a narrow screen")
    _keep(page, f"{role}-narrow-{path}")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return faults


def _keep(page: Page, name: str) -> None:
    """Pictures, for whoever names a folder for them in SCREENSHOTS."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".png")), full_page=True)
