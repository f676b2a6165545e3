"""Turns that lie apart, for calls that a service takes only so many of in a second; one process's memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Hands out turns; safe between threads. `now` and `sleep` count in seconds."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._now, self._sleep = now, sleep
        self._lock, self._next = threading.Lock(), 0.0

    def wait(self, per_second: int) -> None:
        """Wait for the next turn: never more than `per_second` of them begin within a second."""
        with self._lock:
            now = self._now()
            turn = max(now, self._next)
            self._next = turn + 1 / per_second
        if turn > now:
            self._sleep(turn - now)
