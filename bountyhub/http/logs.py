"""One line of JSON per request and per event, without addresses of people, queries, cookies or secrets.

`cli` and the worker call `configure` once; `create_app` calls `init_app`. A request's lines carry its id.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, g, has_request_context, request

from bountyhub.kit import clock, ids
from bountyhub.settings import Settings

log = logging.getLogger("bountyhub.requests")
_QUIET = ("static", "health.healthz", "health.readyz")
_NOISY = ("waitress", "urllib3", "alembic", "stripe", "github", "rq")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_SHORTEST_SECRET = 8


class JsonLines(logging.Formatter):
    """A record as one JSON object; known secrets and mail addresses are blotted out wherever they turn up."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": clock.real_now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": self._blot(record.getMessage()),
        }
        if has_request_context() and "request_id" in g:
            line["request"] = g.request_id
        line.update(getattr(record, "facts", {}))
        if record.exc_info:
            line["trace"] = self._blot(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)

    def _blot(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _ADDRESS.sub("[address]", text)


def configure(settings: Settings) -> None:
    """Send every log line of the process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(known_secrets(settings)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.LOG_LEVEL)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def known_secrets(settings: Settings) -> list[str]:
    """Every secret setting, and the passwords inside addresses."""
    names = [name for name, field in type(settings).model_fields.items() if "SecretStr" in str(field.annotation)]
    secrets: list[str] = [getattr(settings, name).get_secret_value() for name in names]
    for url in (settings.DATABASE_URL, settings.REDIS_URL, settings.SMTP_URL.get_secret_value()):
        password = urlsplit(url).password or ""
        secrets += [password, unquote(password)]
    return secrets


def init_app(app: Flask) -> None:
    """Name each request and write one line about it."""

    @app.before_request
    def begin() -> None:
        g.request_id, g.began = ids.new_ref(10), clock.real_now()

    @app.after_request
    def note(answer: Response) -> Response:
        answer.headers.setdefault("X-Request-Id", g.get("request_id", ""))
        if request.endpoint not in _QUIET:
            log.info("request", extra={"facts": _facts(answer)})
        return answer


def _facts(answer: Response) -> dict[str, object]:
    began: datetime = g.get("began", clock.real_now())
    taken = (clock.real_now() - began).total_seconds() * 1000
    route = request.url_rule.rule if request.url_rule else "(none)"
    return {"method": request.method, "route": route, "status": answer.status_code, "ms": round(taken, 1)}
