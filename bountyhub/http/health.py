"""`/healthz`: the process answers. `/readyz`: it can do its work, check by check."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify

blueprint = Blueprint("health", __name__)
log = logging.getLogger("bountyhub.health")

#: A check returns nothing when all is well and raises otherwise.
Check = Callable[[], None]
KEEP_SECONDS = 3.0
KEEP_FAILURE_SECONDS = 0.5


@blueprint.get("/healthz")
def healthz() -> Response:
    """Alive."""
    return jsonify({"ok": True})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Ready, or what isn't; 503 then. Results are kept for a few seconds."""
    results = {name: _run(name, check) for name, check in checks().items()}
    ready = all(result == "ok" for result in results.values())
    answer = jsonify({"ready": ready, "checks": results})
    answer.status_code = 200 if ready else 503
    return answer


def checks() -> dict[str, Check]:
    """The application's checks by name; `create_app` fills them in."""
    found: dict[str, Check] = current_app.extensions.setdefault("checks", {})
    return found


def _run(name: str, check: Check) -> str:
    kept: dict[str, tuple[float, str]] = current_app.extensions.setdefault("check_results", {})
    when, result = kept.get(name, (float("-inf"), ""))
    if time.monotonic() - when < (KEEP_SECONDS if result == "ok" else KEEP_FAILURE_SECONDS):
        return result
    try:
        check()
        result = "ok"
    except Exception as error:  # whatever is wrong is the answer
        log.warning("not ready: %s: %s", name, error)
        result = f"not ok: {type(error).__name__}"
    kept[name] = (time.monotonic(), result)
    return result
