"""Rate limits: the headers every answer carries, and limits switched on by a control endpoint to try clients out."""

from __future__ import annotations

import threading
import time
from collections import Counter

from flask import Response

from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

LIMIT = 5000
HOUR = 3600

_used: Counter[tuple[int, str]] = Counter()
_lock = threading.Lock()


def require_below_limit(world: World) -> None:
    """Refuse while a limit set by `limit_rate` lasts: primary ones by header, secondary ones by Retry-After."""
    until = world.setting("limited_until")
    if until <= world.real:
        return
    secondary = world.setting("limited_secondary")
    words = "You have exceeded a secondary rate limit." if secondary else "API rate limit exceeded."
    error = GithubError(429 if world.setting("limited_429") else 403, words)
    if secondary:
        error.headers["Retry-After"] = str(until - world.real)
    else:
        error.headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(until)}
    raise error


def limit_rate(world: World, seconds: int, *, secondary: bool, status_429: bool) -> int:
    """Refuse every API call for this many real seconds; until when."""
    world.set_setting("limited_until", world.real + seconds)
    world.set_setting("limited_secondary", int(secondary))
    world.set_setting("limited_429", int(status_429))
    return world.real + seconds


def add_headers(response: Response, token: str | None) -> None:
    """Count the request and say how many are left; an answer that said so already keeps its words."""
    window = int(time.time()) // HOUR
    key = (window, token or "")
    with _lock:
        for old in [known for known in _used if known[0] != window]:
            del _used[old]
        _used[key] += response.status_code != 304
        used = _used[key]
    headers = {"X-RateLimit-Limit": LIMIT, "X-RateLimit-Remaining": max(1, LIMIT - used)}
    headers |= {"X-RateLimit-Used": used, "X-RateLimit-Reset": (window + 1) * HOUR}
    response.headers.setdefault("X-RateLimit-Resource", "core")
    for name, value in headers.items():
        response.headers.setdefault(name, str(value))


def overview() -> Doc:
    """The answer of `GET /rate_limit`."""
    reset = (int(time.time()) // HOUR + 1) * HOUR
    core = {"limit": LIMIT, "used": 0, "remaining": LIMIT, "reset": reset}
    search = {"limit": 30, "used": 0, "remaining": 30, "reset": reset}
    return {"resources": {"core": core, "graphql": core, "search": search}, "rate": core}
