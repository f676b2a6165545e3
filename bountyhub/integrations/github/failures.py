"""What GitHub's refusals and silences mean for the caller: the one place that tells them apart.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from github import GithubException

from bountyhub.kit import clock
from bountyhub.ports.errors import NotInstalled, OutsideError, OutsideGone, OutsideRefused, OutsideUnavailable, RetryAt

#: GitHub: "wait at least one minute" where it says nothing.
UNNAMED_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=2)
#: Who asks us to wait, as pages name it.
FORGE = "GitHub"


class Limited(RetryAt):
    """A rate limit: `part` is what of the API ran out (core, graphql), empty where all of it is refused (secondary)."""

    def __init__(self, message: str, at: datetime, part: str = "") -> None:
        super().__init__(message, at, FORGE)
        self.part = part


@contextmanager
def translating(what: str) -> Iterator[None]:
    """Turn whatever goes wrong in a call into an error of `ports.errors`; `what` names the call."""
    try:
        yield
    except (GithubException, requests.RequestException, ValueError, RuntimeError, AssertionError) as error:
        raise translate(error, what) from error


def translate(error: Exception, what: str) -> OutsideError:
    """The one mapping from PyGithub's exceptions to what the caller should do next."""
    if not isinstance(error, GithubException):
        # Not reached, cut off, no JSON, or sent somewhere else: in each case nobody knows what happened.
        return OutsideUnavailable(f"{what}: {type(error).__name__}")
    headers = error.headers or {}
    text = f"{what}: {error.status} {_message(error.data)}"
    if is_limit(error.status, error.data, headers):
        return Limited(text, retry_at(headers), _part(error.data, headers))
    if error.status >= 500 or error.status == 408:
        return OutsideUnavailable(text)
    if error.status in (404, 410, 451):
        return OutsideGone(text)
    if error.status == 403 and "suspended" in _message(error.data):
        return NotInstalled(f"{text}: the App is suspended", "not_installed")
    return OutsideRefused(text, _code(error.status, error.data))


def is_limit(status: int, data: Any, headers: Mapping[str, str]) -> bool:
    """Whether a refusal is a primary or secondary rate limit (GraphQL names it in a body that came with 200)."""
    if status == 429:
        return True
    if any(fault.get("type") == "RATE_LIMITED" for fault in _faults(data)):
        return True
    if status != 403:
        return False
    limited = "rate limit" in _message(data).lower()
    return limited or "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"


def _part(data: Any, headers: Mapping[str, str]) -> str:
    """A primary limit says what ran out; with `retry-after` it is a secondary one, and so is what says neither."""
    if "retry-after" in headers:
        return ""
    if any(fault.get("type") == "RATE_LIMITED" for fault in _faults(data)):
        return "graphql"
    if headers.get("x-ratelimit-remaining") == "0":
        return headers.get("x-ratelimit-resource", "core")
    return ""


def retry_at(headers: Mapping[str, str]) -> datetime:
    """When GitHub wants to be asked again; never in the past, never in a far future a broken header names."""
    now = clock.real_now()
    wait, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if wait.isdecimal():
        at = now + min(timedelta(seconds=int(wait[:6])), LONGEST_WAIT)
    elif reset.isdecimal() and headers.get("x-ratelimit-remaining", "0") == "0":
        at = datetime.fromtimestamp(int(reset[:11]), UTC)
    else:
        at = now + UNNAMED_WAIT
    return min(max(at, now + timedelta(seconds=1)), now + LONGEST_WAIT)


def _message(data: Any) -> str:
    if isinstance(data, dict) and data.get("message"):
        return str(data["message"])[:300]
    return "; ".join(str(fault.get("message", ""))[:100] for fault in _faults(data)[:3])


def _code(status: int, data: Any) -> str:
    return next((str(fault["code"]) for fault in _faults(data) if fault.get("code")), str(status))


def _faults(data: Any) -> list[dict[str, Any]]:
    faults = data.get("errors") if isinstance(data, dict) else None
    return [fault for fault in faults if isinstance(fault, dict)] if isinstance(faults, list) else []
