"""Pure rules of disputes: what a processor's word means, the table of states, and when a warning ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: A warned contribution of which nothing was transferred goes back after this.
WARNED_RETURNS = timedelta(hours=24)
#: One of which something was is thawed after this, unless it is disputed.
WARNED_AGES = timedelta(days=30)
#: So long before its last day a dispute without an answer is urgent.
URGENT = timedelta(days=3)
#: So long a card's payment can still be charged back, by the rules of most card networks.
MAY_BE_DISPUTED = timedelta(days=120)


class DisputeEvent(StrEnum):
    INQUIRED = "inquired"
    OPENED = "opened"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    STRANGE = "strange"


#: Appeals are left to the operator: like every other word that isn't here, they freeze what is left and raise an alarm.
STATUS = {
    "warning_needs_response": DisputeEvent.INQUIRED,
    "warning_under_review": DisputeEvent.INQUIRED,
    "warning_closed": DisputeEvent.CLOSED,
    "prevented": DisputeEvent.CLOSED,
    "needs_response": DisputeEvent.OPENED,
    "under_review": DisputeEvent.ANSWERED,
    "won": DisputeEvent.WON,
    "lost": DisputeEvent.LOST,
}
#: In which state a dispute is that we first hear of with this.
FIRST = {
    DisputeEvent.INQUIRED: "warning", DisputeEvent.OPENED: "open", DisputeEvent.ANSWERED: "answered",
    DisputeEvent.WON: "won", DisputeEvent.LOST: "lost", DisputeEvent.CLOSED: "closed",
    DisputeEvent.STRANGE: "unknown",
}  # fmt: skip
_LATER = {
    "warning": ("open", "answered", "won", "lost", "closed", "unknown"),
    "open": ("answered", "won", "lost", "closed", "unknown"),
    "answered": ("won", "lost", "closed", "unknown"),
    "unknown": ("warning", "open", "answered", "won", "lost", "closed"),
    "closed": ("open", "answered", "won", "lost"),  # a bank may ask, let it be, and charge back after all
}
TRANSITIONS = {(state, event): after for state in _LATER for event, after in FIRST.items() if after in _LATER[state]}


def meaning(status: str) -> DisputeEvent:
    """What the processor's word says; a word nobody knows is strange: freeze, and tell the operator."""
    return STATUS.get(status, DisputeEvent.STRANGE)


def next_state(state: str | None, event: DisputeEvent) -> str | None:
    """The state after an event (`state` None: heard of for the first time); None where it says nothing new."""
    return FIRST[event] if state is None else TRANSITIONS.get((state, event))


class WarningEnd(StrEnum):
    REFUND = "refund"
    THAW = "thaw"
    WAIT = "wait"


def end_of_warning(*, at: datetime, now: datetime, transferred: bool) -> WarningEnd:
    """What becomes of a warned contribution now."""
    if not transferred:
        return WarningEnd.REFUND if now >= at + WARNED_RETURNS else WarningEnd.WAIT
    return WarningEnd.THAW if now >= at + WARNED_AGES else WarningEnd.WAIT
