"""Writes every API exchange and webhook of the sandboxes as one JSON line a piece, for `tests/conformance`.

`create_sandbox` uses `RecordExchanges` and hands `record_webhook` to the Sender when a folder is configured.
Several processes may append to one file: each line is a single write to a file opened for appending.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app

from bountyhub.sandbox.deliveries import Doc

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# (path on the sandbox, source, what is cut off so that the path is the official one)
RECORDED = (
    ("/stripe/v1/", "stripe", "/stripe"),
    ("/github/api/v3/", "github", "/github/api/v3"),
    ("/github/api/graphql", "github", "/github/api"),
    ("/github/login/oauth/access_token", "github", "/github"),
)

#: On the head of an answer whose body is never sent.
BROKEN = "X-Sandbox-Broken"


class RecordExchanges:
    """WSGI middleware: passes everything on, and appends a line for each answer of an official API path."""

    def __init__(self, app: WSGIApplication, folder: Path) -> None:
        self._app, self._folder = app, folder

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = _official_path(str(environ.get("PATH_INFO", "")))
        if found is None:
            return self._app(environ, start_response)
        source, path = found
        sent = _take_body(environ)
        parts, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        if BROKEN in headers:  # nobody got it, so there is nothing to check
            start_response(status, list(headers))
            return []
        answer = b"".join(parts)
        append(self._folder, source, _exchange(environ, path, sent, int(status.split()[0]), answer))
        start_response(status, list(headers))
        return [answer]


def record_webhook(folder: Path, delivery: Doc, status: int | None) -> None:
    """Append the line of one webhook attempt; `status` is None when the application could not be reached."""
    line = {"kind": "webhook", "event": delivery["event"], "method": "POST", "path": "", "query": ""}
    line |= {"form": None, "body": json.loads(delivery["body"]), "status": status, "response": None}
    append(folder, delivery["source"], line)


def append(folder: Path, source: str, line: dict[str, Any]) -> None:
    """One write of one line to `<folder>/<source>.jsonl`: whole even when processes append at once."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    handle = os.open(folder / f"{source}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def _official_path(path: str) -> tuple[str, str] | None:
    for prefix, source, cut in RECORDED:
        if path.startswith(prefix):
            return source, path.removeprefix(cut)
    return None


def _take_body(environ: WSGIEnvironment) -> bytes:
    """Read the request's body and put it back for the application."""
    sent: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(sent)
    return sent


def _exchange(environ: WSGIEnvironment, path: str, sent: bytes, status: int, answer: bytes) -> dict[str, Any]:
    is_json = "json" in str(environ.get("CONTENT_TYPE", ""))
    return {
        "kind": "exchange",
        "event": None,
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "query": environ.get("QUERY_STRING", ""),
        "form": None if is_json else sent.decode("utf-8", "replace"),
        "body": _parsed(sent) if is_json else None,
        "status": status,
        "response": _parsed(answer),
    }


def _parsed(data: bytes) -> Any:
    """The JSON value, or the text of something that is not JSON, or None for an empty body."""
    if not data.strip():
        return None
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")
