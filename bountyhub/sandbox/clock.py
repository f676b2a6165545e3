"""Business time of the sandboxes: the real clock plus a stored offset that only grows.

Objects' own times (`created`, `merged_at`, `available_on`) use `now`; signatures, tokens and expiries use
`real`.
"""

from __future__ import annotations

import time

from bountyhub.sandbox.store import Store, Tx

DAY = 86_400
MAX_DAYS = 3_650


class SandboxClock:
    """Reads the offset from the store each time, so that it survives a restart and no copy grows stale."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def real(self) -> int:
        """Seconds since 1970, unmoved."""
        return int(time.time())

    def now(self) -> int:
        """Business time in seconds since 1970."""
        return self.real() + self.offset()

    def offset(self) -> int:
        """By how many seconds business time is ahead."""
        with self._store.transaction() as tx:
            return _offset(tx)

    def advance(self, days: int) -> int:
        """Move business time forward by 1 … 3650 days (else ValueError); the new offset in seconds."""
        if not 1 <= days <= MAX_DAYS:
            raise ValueError(f"days must be between 1 and {MAX_DAYS}")
        with self._store.transaction() as tx:
            seconds = _offset(tx) + days * DAY
            tx.put("clock", "offset", {"seconds": seconds})
        return seconds


def _offset(tx: Tx) -> int:
    stored = tx.get("clock", "offset")
    return 0 if stored is None else int(stored["seconds"])
