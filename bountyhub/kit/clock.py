"""Business time and protocol time. Nothing else in the application reads a clock.

Business time (`now`) is real time plus an offset that only an instance on sandboxes may move; protocol time
(`real_now`) is for signatures, tokens, sessions, leases and rate limits and can't be moved.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """Business time, UTC, aware."""
    return datetime.now(UTC) + _offset


def real_now() -> datetime:
    """Protocol time, UTC, aware."""
    return datetime.now(UTC)


def offset() -> timedelta:
    """How far business time is ahead of real time in this process."""
    return _offset


def set_offset(value: timedelta) -> None:
    """Take over the offset kept in the database; called at start and whenever it may have moved."""
    global _offset
    _offset = value
