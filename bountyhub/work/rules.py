"""The claim's table of states and events, who is on the author side, and when a merge is independent; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(days=7)
LATE = timedelta(days=14)
BLOCK = timedelta(days=14)
END_NOTICE = timedelta(days=14)
#: A wanted task without new interest for so long is given up.
UNWANTED = timedelta(days=180)
#: A window or a block doesn't reach into the last days of the money's life …
LIFE_MARGIN = timedelta(days=5)
#: … unless people would have less time than this to object, or to settle.
SHORTEST = timedelta(days=3)
#: How far beyond its life money waits for a decision that is under way; processors hold it for five days more.
LIFE_GRACE = timedelta(days=4)


#: A proposal to undo a release that no other operator confirms in so long lapses.
UNDO = timedelta(days=7)


class ClaimEvent(StrEnum):
    UNLINKED = "unlinked"
    PULL_CLOSED = "pull_closed"
    LINKED_AGAIN = "linked_again"
    ANOTHER_MERGED = "another_merged"
    WINNER_REFUSED = "winner_refused"
    MERGED_INDEPENDENT = "merged_independent"
    MERGED_WINDOW = "merged_window"
    MERGED_WITHOUT_MONEY = "merged_without_money"
    MERGED_LATE = "merged_late"
    CONFIRMED = "confirmed"
    LANDED = "landed"
    LAPSED = "lapsed"
    WINDOW_ENDED = "window_ended"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDONE = "undone"


TRANSITIONS = {
    ("linked", ClaimEvent.UNLINKED): "unlinked",
    ("linked", ClaimEvent.PULL_CLOSED): "closed",
    ("linked", ClaimEvent.ANOTHER_MERGED): "superseded",
    ("linked", ClaimEvent.MERGED_INDEPENDENT): "released",
    ("linked", ClaimEvent.MERGED_WINDOW): "window",
    ("linked", ClaimEvent.MERGED_WITHOUT_MONEY): "released",
    ("linked", ClaimEvent.MERGED_LATE): "late",
    ("unlinked", ClaimEvent.LINKED_AGAIN): "linked",
    ("unlinked", ClaimEvent.MERGED_LATE): "late",
    ("closed", ClaimEvent.LINKED_AGAIN): "linked",
    ("closed", ClaimEvent.MERGED_LATE): "late",
    ("closed", ClaimEvent.UNLINKED): "unlinked",
    ("superseded", ClaimEvent.LINKED_AGAIN): "linked",
    ("superseded", ClaimEvent.WINNER_REFUSED): "late",
    ("late", ClaimEvent.CONFIRMED): "window",
    ("linked", ClaimEvent.LANDED): "window",
    ("unlinked", ClaimEvent.LANDED): "window",
    ("closed", ClaimEvent.LANDED): "window",
    ("late", ClaimEvent.LAPSED): "refused",
    ("late", ClaimEvent.UNLINKED): "refused",
    ("late", ClaimEvent.ANOTHER_MERGED): "superseded",
    ("window", ClaimEvent.WINDOW_ENDED): "released",
    ("window", ClaimEvent.BLOCKED): "blocked",
    ("window", ClaimEvent.UNLINKED): "refused",
    ("blocked", ClaimEvent.UNBLOCKED): "window",
    ("blocked", ClaimEvent.ACCEPTED): "released",
    ("blocked", ClaimEvent.REFUSED): "refused",
    ("window", ClaimEvent.REFUSED): "refused",
    ("released", ClaimEvent.UNDONE): "undone",
    ("warranty", ClaimEvent.UNDONE): "undone",
}
LIVE = ("linked", "late", "window", "blocked")


def next_state(state: str, event: ClaimEvent) -> str | None:
    """The state after an event; None where the table doesn't list the pair."""
    return TRANSITIONS.get((state, event))


@dataclass(frozen=True)
class MergeFacts:
    """A merge as the forge tells it, with forge ids of people.

    `approvers`: approving reviews on the merged head. `maintainers`: those of merger and approvers who may merge.
    """

    author: int
    co_authors: frozenset[int]
    merged_by: int | None
    merged_by_bot: bool
    approvers: frozenset[int]
    maintainers: frozenset[int]


def is_independent(facts: MergeFacts) -> bool:
    """Merged by, or approved on the merged head by, a maintainer who is not on the author side (never a bot)."""
    side = facts.co_authors | {facts.author}
    deciding = set(facts.approvers)
    if facts.merged_by is not None and not facts.merged_by_bot:
        deciding.add(facts.merged_by)
    return bool((deciding & facts.maintainers) - side)


def was_shown(shown_at: datetime | None, merged_at: datetime, linked_at: datetime) -> bool:
    """Whether the check run that shows the link stood before the merge; the forge counts in whole seconds."""
    if shown_at is None:
        return False
    return max(shown_at, linked_at).replace(microsecond=0) <= merged_at


def merge_event(*, shown: bool, independent: bool, co_authors: bool, bot: bool, held: bool) -> ClaimEvent:
    """What a merge into a counting branch makes of a linked claim; without money there is nothing to object to."""
    if bot or not shown:
        return ClaimEvent.MERGED_LATE
    if independent and not co_authors:
        return ClaimEvent.MERGED_INDEPENDENT
    return ClaimEvent.MERGED_WINDOW if held else ClaimEvent.MERGED_WITHOUT_MONEY


def blocks_whole(*, by_decider: bool, objecting: int, held_at_merge: int) -> bool:
    """A decider blocks the whole; backers do when three times their money reaches what was held at the merge."""
    return by_decider or (held_at_merge > 0 and 3 * objecting >= held_at_merge)


def window_until(at: datetime, lives: Iterable[datetime], window: timedelta = WINDOW) -> datetime:
    """When a window ends: 7 days on (or as long as its money was promised), 5 days before that money's life ends, but
    never in less than 3 days.
    """
    return max(at + SHORTEST, min([at + window, *(life - LIFE_MARGIN for life in lives)]))


def may_still_wait(at: datetime, life: datetime) -> bool:
    """Whether money whose life ended at `life` may still lie here for a window or an objection under way."""
    return at < life + LIFE_GRACE


def block_until(at: datetime, lives: Iterable[datetime]) -> datetime:
    """When the facts decide: 14 days on, 5 days before the money's life ends, but never in less than 3 days.

    Otherwise a few euros of old money would make every objection to the merge void.
    """
    return max(at + SHORTEST, min([at + BLOCK, *(life - LIFE_MARGIN for life in lives)]))


class UndoRefused(StrEnum):
    """Why a release can't be undone."""

    NOT_RELEASED = "not_released"
    NOTHING_LEFT = "nothing_left"
    TOO_LATE = "too_late"


def why_not_undone(state: str, lives: Iterable[datetime], now: datetime) -> UndoRefused | None:
    """A release is undone before the first of the money in it has to leave; `lives`: when each part of it must."""
    if next_state(state, ClaimEvent.UNDONE) is None:
        return UndoRefused.NOT_RELEASED
    first = min(lives, default=None)
    if first is None:
        return UndoRefused.NOTHING_LEFT
    return UndoRefused.TOO_LATE if first <= now else None
