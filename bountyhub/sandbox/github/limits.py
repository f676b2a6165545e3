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


#: What of the API a limit may be about, besides all of it.
PARTS = ("core", "graphql")
GRAPHQL = "/api/graphql"


class GraphLimited(GithubError):
    """GraphQL names its primary limit in the body of an answer that says 200."""

    def __init__(self) -> None:
        super().__init__(200, "API rate limit exceeded")

    @property
    def body(self) -> Doc:
        return {"errors": [{"type": "RATE_LIMITED", "message": self.message}]}


def require_up(world: World) -> None:
    """Refuse while GitHub is made to be away."""
    if world.setting("away_until") > world.real:
        raise GithubError(502, "Server Error")


def take_away(world: World, seconds: int) -> int:
    """Answer every API call with 502 for this many real seconds; until when."""
    world.set_setting("away_until", world.real + seconds)
    return world.real + seconds


def require_below_limit(world: World, path: str) -> None:
    """Refuse while a limit set by `limit_rate` lasts: primary ones by header, secondary ones by Retry-After."""
    until, part = world.setting("limited_until"), world.setting("limited_part")
    asked = int(path.endswith(GRAPHQL)) + 1
    if until <= world.real or part not in (0, asked):
        return
    if world.setting("limited_secondary"):
        error = _refusal(world, "You have exceeded a secondary rate limit.")
        error.headers["Retry-After"] = str(until - world.real)
        raise error
    error = GraphLimited() if asked == 2 else _refusal(world, "API rate limit exceeded.")
    error.headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(until)}
    error.headers["X-RateLimit-Resource"] = PARTS[asked - 1]
    raise error


def _refusal(world: World, words: str) -> GithubError:
    return GithubError(429 if world.setting("limited_429") else 403, words)


def limit_rate(world: World, seconds: int, *, secondary: bool, status_429: bool, part: str = "") -> int:
    """Refuse API calls (all, or those of `part`) for this many real seconds; until when."""
    world.set_setting("limited_until", world.real + seconds)
    world.set_setting("limited_secondary", int(secondary))
    world.set_setting("limited_429", int(status_429))
    world.set_setting("limited_part", PARTS.index(part) + 1 if part in PARTS else 0)
    return world.real + seconds


def add_headers(response: Response, token: str | None) -> None:
    """Count the request and say how many are left; an answer that said so already keeps its words."""
    window = int(time.time()) // HOUR
    key = (window, token or "")
    with _lock:
        for old in [known for known in _used if known[0] != window]:
            del _used[old]
        _used[key] += response.status_code != 304 or not token  # free only for who says who they are
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
