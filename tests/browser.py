"""A real browser for the journeys: finds Chromium, opens it through Playwright, looks for faults with axe.

CHROMIUM names the program; else the system's is taken. Nothing is downloaded.
"""

from __future__ import annotations

import importlib.resources
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HELP = "The tests need Chromium. Install it (Debian: apt-get install chromium) or name the program in CHROMIUM."
Theme = Literal["light", "dark"]


class NoBrowser(Exception):
    """There is no Chromium; the text says what to install."""


def chromium_path() -> str:
    """The browser to use; raises NoBrowser."""
    if named := os.environ.get("CHROMIUM"):
        if not Path(named).exists():
            raise NoBrowser(f"CHROMIUM names {named}, which does not exist.")
        return named
    for name in NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    raise NoBrowser(HELP)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """A running browser, without a window."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, *, javascript: bool = True, theme: Theme = "light", width: int = 1280) -> Iterator[Page]:
    """A page of a fresh visitor without cookies; a wrong wait fails after ten seconds."""
    context: BrowserContext = browser.new_context(
        java_script_enabled=javascript, color_scheme=theme, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds wrong in an open page, a line each; it is evaluated, so that the strict CSP stays on."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {violation['id']} ({violation['impact']}): {violation['help']} at {node['target']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@cache
def _axe() -> str:
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
