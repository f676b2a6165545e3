"""Rate limits by address; webhooks, health and static files are exempt. Redis keeps them in production."""

from __future__ import annotations

import math
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse

from bountyhub.http.session import current_person
from bountyhub.kit import clock
from bountyhub.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

#: What one customer of a provider gets at least: they may choose any address in it.
IPV6_NETWORK = 64


def network() -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one."""
    typed = get_remote_address()
    try:
        address = ip_address(typed)
    except ValueError:  # behind a socket
        return typed
    if not isinstance(address, IPv6Address):
        return typed
    return str(address.ipv4_mapped or ip_network((address, IPV6_NETWORK), strict=False))


limiter = Limiter(network, default_limits=["600 per minute"], strategy="moving-window")

#: For forms that send mail or begin a payment.
COSTLY = "20 per minute; 120 per hour"
REDIS_PATIENCE = {"socket_connect_timeout": 0.2, "socket_timeout": 0.5}


def init_app(app: Flask, settings: Settings, exempt: list[Blueprint]) -> None:
    """Begin to count."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.REDIS_URL or "memory://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = REDIS_PATIENCE if settings.REDIS_URL else {}
    # Without Redis each process counts for itself: no page fails because of it.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.REDIS_URL)
    app.config["RATELIMIT_ENABLED"] = settings.RATE_LIMITS
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)
    for blueprint in exempt:
        limiter.exempt(blueprint)


def with_network(text: str) -> str:
    """A key that only counts what comes from one network: nobody uses up somebody else's tries."""
    return f"{network()} {text}"


def within(limit: str, *key: str) -> bool:
    """Count one of what is done to `key` from everywhere; False once it is more than the limit."""
    return not limiter.enabled or limiter.limiter.hit(parse(limit), *key)


def try_again() -> str:
    """When the limit that this request met lets it through again."""
    met = limiter.current_limit
    return wait(met.reset_at - clock.real_now().timestamp() if met else 0)


def wait(seconds: float) -> str:
    """So many seconds as advice."""
    minutes = max(1, math.ceil(seconds / 60))
    return "Try again in a minute." if minutes == 1 else f"Try again in {minutes} minutes."


def costly(view: View) -> View:
    """Limit a view that costs something outside."""
    return cast(View, limiter.limit(COSTLY)(view))


def asks_forge(view: View) -> View:
    """Limit a view that asks the forge: all of them together, for each person.

    A forge counts our calls for each project, so one person must not use up what a project's merges need.
    """
    return cast(View, limiter.shared_limit(COSTLY, scope="forge", key_func=_person)(view))


def _person() -> str:
    person = current_person()
    return f"person:{person.id}" if person else network()
