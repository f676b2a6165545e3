"""How many may say "I am on it", how long that stands, and which linked pull requests count before their merge; pure.

What a project chooses in its policy file (`projects.rules_policy`) comes in as parameters.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: An attempt lapses after so long without a linked pull request; a draft counts as one.
LAPSE = timedelta(days=14)
#: Attempts of one person that may stand at once, on whatever tasks.
BY_PERSON = 3
#: Linked pull requests of one person that count before their merge, for whatever tasks.
LIVE_CLAIMS = 3


class NoAttempt(StrEnum):
    """Why an attempt can't begin."""

    NOT_OPEN = "not_open"
    TASK_FULL = "task_full"
    PERSON_FULL = "person_full"


class Uncounted(StrEnum):
    """Why a linked pull request counts for nothing before its merge. Merging it pays all the same."""

    TOO_MANY = "too_many"
    NO_ATTEMPT = "no_attempt"


def why_not_attempted(*, state: str, on_task: int, by_person: int, at_once: int) -> NoAttempt | None:
    """Whether one more may begin on a task in this state; `on_task`, `by_person`: how many stand already."""
    if state != "open":
        return NoAttempt.NOT_OPEN
    if by_person >= BY_PERSON:
        return NoAttempt.PERSON_FULL
    return NoAttempt.TASK_FULL if on_task >= at_once else None


def has_lapsed(*, until: datetime, now: datetime, has_pull: bool) -> bool:
    """An attempt ends at its moment, unless a pull request of theirs is linked then."""
    return until <= now and not has_pull


def why_uncounted(*, others: int, lacks_attempt: bool) -> Uncounted | None:
    """Whether a linked pull request counts: `others` are its author's that were linked before it and count.

    `lacks_attempt`: the project asks for attempts first, and its author never said that they are on it.
    """
    if lacks_attempt:
        return Uncounted.NO_ATTEMPT
    return Uncounted.TOO_MANY if others >= LIVE_CLAIMS else None
