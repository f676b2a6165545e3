"""Pure rules of payouts: the share's table of states, and when a transfer may leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: Payable money that can't be sent for so long is kept for its payee instead.
UNSENDABLE = timedelta(days=14)


class ShareEvent(StrEnum):
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    PAID = "paid"
    UNSENDABLE = "unsendable"
    RETURNED = "returned"
    SENT_IN_PART = "sent_in_part"
    REST_LAPSED = "rest_lapsed"
    REVERSED = "reversed"


TRANSITIONS = {
    ("kept", ShareEvent.CLAIMED): "payable",
    ("kept", ShareEvent.RETURNED): "returned",
    ("kept", ShareEvent.REST_LAPSED): "paid",  # a part was sent before the rest became unsendable
    ("held_back", ShareEvent.CLAIMED): "payable",
    ("held_back", ShareEvent.RETURNED): "returned",
    ("payable", ShareEvent.SENT): "transferring",
    ("payable", ShareEvent.UNSENDABLE): "kept",
    ("transferring", ShareEvent.REFUSED): "payable",
    ("transferring", ShareEvent.SENT_IN_PART): "payable",  # the rest waits
    ("transferring", ShareEvent.PAID): "paid",
    ("paid", ShareEvent.REVERSED): "payable",
}


def next_state(state: str, event: ShareEvent) -> str | None:
    """The state after an event; None where it says nothing new."""
    return TRANSITIONS.get((state, event))


def leaves_at(captured_at: datetime, available_on: datetime | None, fresh: timedelta) -> datetime:
    """When a charge's money may be transferred: no longer fresh, and arrived."""
    ripe = captured_at + fresh
    return max(ripe, available_on) if available_on else ripe


def retry_in(attempt: int) -> timedelta:
    """How long a refused transfer waits before it is asked for again: from half a minute, doubling, to an hour."""
    return timedelta(seconds=min(3600, 30 << min(attempt - 1, 10)))


def payee_state(*, details_submitted: bool, can_receive: bool, disabled: bool) -> str:
    """What the processor's words make of a payee."""
    if can_receive:
        return "ready"
    return "restricted" if details_submitted or disabled else "unfinished"
