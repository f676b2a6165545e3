"""The way from the application to the stand-in without a socket, and the weather on it.

Every request of this process to the stand-in's address is answered by its WSGI application in the same thread.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

HOST = "http://127.0.0.1:9"  # nothing listens there
API = "/github/api/"
LIMITED = (b'{"message": "You have exceeded a secondary rate limit."}', 403, {"Retry-After": "60"})
AWAY: tuple[bytes, int, dict[str, str]] = (b"<html>Bad Gateway</html>", 502, {})

Answer = tuple[bytes, int, dict[str, str]]


class Wire:
    """`weather` is drawn from in bad weather; `between` is called after an answer was made and before it arrives."""

    def __init__(self, app: Flask, rng: Random) -> None:
        self._app, self._rng = app, rng
        self.bad_weather = False
        self.met: Counter[str] = Counter()
        self.rates: tuple[tuple[str, int], ...] = ()
        self.between: Callable[[str], None] = lambda path: None

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """One exchange; in bad weather perhaps without an answer."""
        path = urlsplit(str(request.url)).path
        fault = self._fault(path)
        if fault in ("502", "rate limit"):
            return _response(request, AWAY if fault == "502" else LIMITED)
        if fault == "no answer":
            raise requests.ConnectionError("the soak's weather")
        answer = self._ask(request)
        if fault == "answer lost":
            raise requests.Timeout("the soak's weather")
        if fault == "502 afterwards":
            return _response(request, AWAY)
        self.between(path)
        return _response(request, answer)

    def _fault(self, path: str) -> str:
        if not self.bad_weather or not path.startswith(API):
            return ""
        drawn = self._rng.randrange(1000)
        for name, rate in self.rates:
            if drawn < rate:
                self.met[name] += 1
                return name
            drawn -= rate
        return ""

    def _ask(self, request: requests.PreparedRequest) -> Answer:
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else body
        parts = urlsplit(str(request.url))
        builder = EnvironBuilder(
            parts.path, HOST, query_string=parts.query, method=str(request.method), data=data,
            headers=[(str(name), str(value)) for name, value in request.headers.items() if name != "Content-Length"],
        )  # fmt: skip
        iterable, status, headers = run_wsgi_app(self._app, builder.get_environ(), buffered=True)
        return b"".join(iterable), int(status.split()[0]), dict(headers)


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    body, status, headers = answer
    raw = HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
    return HTTPAdapter().build_response(request, raw)


@contextmanager
def in_process(wire: Wire) -> Iterator[None]:
    """Requests to the stand-in's address go over this wire; any other address is an error of the soak."""

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **given: Any) -> requests.Response:
        assert str(request.url).startswith(HOST), request.url
        return wire.send(request)

    with patch.object(HTTPAdapter, "send", send):
        yield
