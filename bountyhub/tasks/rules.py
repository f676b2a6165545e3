"""The task's table of states and events, as in the design; pure.

Events are past-tense words; a pair that isn't listed is refused by `TransitionRefused`.
"""

from __future__ import annotations

from enum import StrEnum


class TaskEvent(StrEnum):
    OPENED = "opened"
    GIVEN_UP = "given_up"
    CLAIM_MERGED = "claim_merged"
    ENDED = "ended"
    SETTLED = "settled"
    CLAIM_REFUSED = "claim_refused"
    CLAIM_UNDONE = "claim_undone"


class TransitionRefused(Exception):
    """This event doesn't happen in this state."""

    def __init__(self, noun: str, state: str, event: str) -> None:
        super().__init__(f"a {state} {noun} does not know {event}")
        self.noun, self.state, self.event = noun, state, event


TRANSITIONS = {
    ("wanted", TaskEvent.OPENED): "open",
    ("wanted", TaskEvent.GIVEN_UP): "cancelled",
    ("wanted", TaskEvent.ENDED): "cancelled",
    ("open", TaskEvent.CLAIM_MERGED): "merged",
    ("open", TaskEvent.ENDED): "cancelled",
    ("reserved", TaskEvent.CLAIM_MERGED): "merged",
    ("reserved", TaskEvent.ENDED): "cancelled",
    ("merged", TaskEvent.SETTLED): "completed",
    ("merged", TaskEvent.CLAIM_REFUSED): "open",
    ("merged", TaskEvent.CLAIM_UNDONE): "open",
    ("completed", TaskEvent.CLAIM_UNDONE): "open",
}


def next_state(state: str, event: TaskEvent) -> str:
    """The state after an event; raises TransitionRefused."""
    try:
        return TRANSITIONS[(state, event)]
    except KeyError:
        raise TransitionRefused("task", state, event) from None


def takes_money(state: str, *, ends: bool, installed: bool) -> bool:
    """Whether a payment may be begun and kept: an open task of an installed repository that isn't ending."""
    return state == "open" and not ends and installed
