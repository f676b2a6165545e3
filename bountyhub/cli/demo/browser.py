"""One person's browser: cookies, redirects, forms and buttons, over HTTP with the standard library alone.

It follows no proxy and runs no script, so whatever it can do works without JavaScript.
"""

from __future__ import annotations

import json
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.page import Page, read

SECONDS = 20


class Browser:
    """Addresses may be given from the root of `home`."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def open(self, url: str) -> Page:
        """A page; raises DemoFailed for an error page."""
        return _fine(self.look(url))

    def look(self, url: str) -> Page:
        """A page, also one that refuses."""
        return self._page(Request(urljoin(self.home, url), headers={"Accept": "text/html"}))

    def press(self, page: Page, words: str, *, value: str | None = None, to: str = "", **typed: str) -> Page:
        """Fill in the form of a button and press it; raises DemoFailed for an error page."""
        return _fine(self.try_to_press(page, words, value=value, to=to, **typed))

    def try_to_press(self, page: Page, words: str, *, value: str | None = None, to: str = "", **typed: str) -> Page:
        """Press a button, whatever comes of it."""
        form, button = page.button(words, value, to)
        body = urlencode(form.filled(button, typed))
        url = urljoin(page.url, button.action or form.action or page.url)
        if form.method == "get":
            return self.look(f"{url}?{body}")
        headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        return self._page(Request(url, data=body.encode(), headers=headers, method="POST"))

    def json(self, url: str, body: dict[str, Any] | None = None) -> Any:
        """A JSON document, asked for or sent to; raises DemoFailed for a refusal."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json"} | ({} if data is None else {"Content-Type": "application/json"})
        address = urljoin(self.home, url)
        status, _, text = self._send(Request(address, data=data, headers=headers))
        if status >= 400:
            raise DemoFailed(f"{address} answered {status}: {text[:400]}")
        return json.loads(text)

    def _page(self, request: Request) -> Page:
        status, url, text = self._send(request)
        return read(url, status, text)

    def _send(self, request: Request) -> tuple[int, str, str]:
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.url, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.url or request.full_url, refusal.read().decode(errors="replace")
        except (URLError, OSError) as problem:
            raise DemoFailed(f"{request.full_url} did not answer: {problem}") from problem


def _fine(page: Page) -> Page:
    if page.status >= 400:
        raise DemoFailed(f"{page.url} answered {page.status}: {page.text[:600]}")
    return page
