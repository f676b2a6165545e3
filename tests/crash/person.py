"""A person with a browser: keeps cookies, fills forms, follows redirects, and presses again what a crash swallowed."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

from tests.crash.instance import Instance

REDIRECTS = (301, 302, 303, 307)
TRIES = 6


class Person:
    """Somebody at both servers, the application's and the stand-ins'."""

    def __init__(self, instance: Instance, login: str) -> None:
        self._instance, self.login = instance, login
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path: str) -> requests.Response:
        """Open a page and wherever it leads."""
        return self._go("GET", urljoin(self._instance.url, path))

    def submit(self, page: requests.Response, action: str, **typed: str) -> requests.Response:
        """Fill the page's form whose address ends with `action`, and press its button."""
        hidden = forms_of(page.text).get(action)
        assert hidden is not None, f"{page.url} has no form {action}: {sorted(forms_of(page.text))}\n{page.text[:3000]}"
        target = urljoin(page.url, action)
        return self._go("POST", target, {**hidden, **typed})

    def sign_in(self) -> None:
        """Through the stand-in for GitHub; once more, too, where signing in was too long ago."""
        page = self.submit(self.get("/sign-in?again=1"), "/sign-in/github")
        done = self.submit(page, "/github/login/oauth/authorize", login=self.login)
        assert urlsplit(done.url).netloc == urlsplit(self._instance.url).netloc, done.url

    def _go(self, method: str, url: str, data: dict[str, str] | None = None) -> requests.Response:
        answer = self._press(method, url, data)
        while answer.status_code in REDIRECTS:
            answer = self._press("GET", urljoin(answer.url, answer.headers["Location"]), None)
        assert answer.status_code < 500, f"{method} {url}: {answer.status_code}\n{answer.text}\n{self._instance.log()}"
        return answer

    def _press(self, method: str, url: str, data: dict[str, str] | None) -> requests.Response:
        """One request; what a killed application never answered is asked again once it is back."""
        last: Exception | None = None
        for _ in range(TRIES):
            try:
                return self._session.request(method, url, data=data, timeout=20, allow_redirects=False)
            except requests.RequestException as problem:
                last = problem
                self._instance.wait_for_revival()
        raise AssertionError(f"{method} {url} gets no answer") from last


class _Forms(HTMLParser):
    """Collects each form's address with its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.found.setdefault(given.get("action", ""), {})
        elif tag == "input" and self._open is not None and given.get("type") == "hidden":
            self._open[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def forms_of(text: str) -> dict[str, dict[str, str]]:
    """Address → hidden fields of the forms of a page."""
    parser = _Forms()
    parser.feed(text)
    return parser.found
