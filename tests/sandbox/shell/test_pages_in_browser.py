"""The start page and the mailbox in a real browser: accessible in both themes, no sideways scrolling, no script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page

from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.server import start
from tests.browser import Theme, accessibility_faults, visit
from tests.sandbox.shell.test_mailbox import MAIL


@pytest.fixture
def base(config: SandboxConfig) -> Iterator[str]:
    """The address of running sandboxes that hold one mail."""
    running = start(config, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{running.port}"
    link = f'<p>Look at <a href="{url}/healthz">the task</a></p><script>document.title = "ran"</script>'
    assert requests.post(f"{url}/mailbox/messages", json=MAIL | {"html": link}, timeout=5).status_code == 201
    yield url
    running.stop()


def _pages(base: str) -> list[str]:
    mail = requests.get(f"{base}/mailbox/messages.json", timeout=5).json()["messages"][0]["id"]
    message = f"/mailbox/messages/{mail}"
    return ["/", "/?moved=7", "/mailbox/", "/mailbox/cleo@example.test", message, f"{message}?view=text", "/nowhere"]


def _scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(chromium: Browser, base: str, theme: Theme) -> None:
    for width in (320, 1600):
        with visit(chromium, theme=theme, width=width) as page:
            for path in _pages(base):
                page.goto(base + path)
                assert not _scrolls_sideways(page), (path, width)
                assert accessibility_faults(page) == []


def test_time_moves_without_script(chromium: Browser, base: str) -> None:
    with visit(chromium, javascript=False) as page:
        page.goto(base)
        page.get_by_role("button", name="+ 14 days").click()
        assert "14 days later" in page.get_by_role("status").inner_text()
        assert "14 days ahead of the real date" in page.inner_text("#clock")


def test_a_link_in_an_html_mail_leaves_its_frame_and_its_script_does_not_run(chromium: Browser, base: str) -> None:
    with visit(chromium) as page:
        page.goto(base + _pages(base)[4])
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="the task").wait_for()
        assert page.frames[1].title() != "ran"
        frame.get_by_role("link", name="the task").click()
        page.wait_for_url(f"{base}/healthz")
