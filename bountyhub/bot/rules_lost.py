"""When GitHub is asked to send a lost delivery again. Pure; used by `lost` and its jobs. Moments in protocol time."""

from __future__ import annotations

from datetime import datetime, timedelta

#: So long GitHub keeps a delivery: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks.
KEPT = timedelta(days=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=6)
#: A delivery that failed so often, though asked for, is an alarm.
AGAIN_AND_AGAIN = 3


def next_ask(asks: int, now: datetime) -> datetime:
    """Not before then, after so many asks: twice as long each time, up to six hours."""
    return now + min(FIRST_WAIT * (1 << min(asks - 1, 10)), LONGEST_WAIT)


def is_too_old(delivered_at: datetime, now: datetime) -> bool:
    """GitHub doesn't have it any more: what it told is found by polling."""
    return delivered_at <= now - KEPT
