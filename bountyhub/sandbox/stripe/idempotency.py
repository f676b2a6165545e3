"""Idempotency keys as https://docs.stripe.com/api/idempotent_requests says: the first answer is kept for 24 hours.

Used by `api` for every POST. Keys in flight are known to this process only, so a crash frees them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe.errors import ApiError

KIND = "stripe.idempotency"
KEPT = 86_400
LONGEST = 255

_guard = threading.Lock()
_running: set[str] = set()


@dataclass(frozen=True)
class Ask:
    """A request that carries a key: what it asks must be the same each time the key is used."""

    key: str
    path: str
    params: str


@dataclass(frozen=True)
class Kept:
    """The first answer to a key."""

    status: int
    body: str
    request_id: str


@contextmanager
def alone(name: str, key: str) -> Iterator[None]:
    """Let one request per key in at a time; the other is told to come back (409). `name` tells stores apart."""
    mark = f"{name}\n{key}"
    with _guard:
        if mark in _running:
            raise _in_use(key)
        _running.add(mark)
    try:
        yield
    finally:
        with _guard:
            _running.discard(mark)


def in_flight(name: str, key: str) -> bool:
    """Whether a request with this key is being answered now."""
    with _guard:
        return f"{name}\n{key}" in _running


def earlier(tx: Tx, ask: Ask, real: int) -> Kept | None:
    """The kept answer, None for a fresh key; refuses a key that was used for something else."""
    found = tx.get(KIND, ask.key)
    if found is None or real - found["at"] > KEPT:
        return None
    if found["path"] != ask.path:
        raise _other(f"for the same endpoint they were first used for ('{ask.path}' vs '{found['path']}')", ask)
    if found["params"] != ask.params:
        raise _other("with the same parameters they were first used with", ask)
    return Kept(found["status"], found["body"], found["request_id"])


def keep(tx: Tx, ask: Ask, kept: Kept, real: int) -> None:
    document = {"id": ask.key, "path": ask.path, "params": ask.params, "at": real}
    document |= {"status": kept.status, "body": kept.body, "request_id": kept.request_id}
    tx.put(KIND, ask.key, document)


def _other(why: str, ask: Ask) -> ApiError:
    return ApiError(
        f"Keys for idempotent requests can only be used {why}. Try using a key other than '{ask.key}' if you meant"
        " to execute a different request.",
        type="idempotency_error",
        saved=False,
    )


def _in_use(key: str) -> ApiError:
    return ApiError(
        "There is currently another in-progress request using this Stripe-Idempotency Key (that probably means you"
        f" submitted twice, and the other request is still going through): {key}. Please try again later.",
        code="idempotency_key_in_use",
        type="idempotency_error",
        status=409,
        saved=False,
    )
