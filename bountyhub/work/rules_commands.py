"""How many commands are carried out in a while, so that nobody makes the bot talk without end; pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

#: Of one person in one project …
BY_PERSON = 10
PERSON_SPAN = timedelta(minutes=10)
#: … and of everybody on one issue or pull request.
ON_ISSUE = 30
ISSUE_SPAN = timedelta(hours=1)
#: So long what was counted is kept: longer than any delivery comes late.
KEPT = timedelta(days=30)


class TooMany(StrEnum):
    """Whose commands are too many."""

    PERSON = "person"
    ISSUE = "issue"


def too_many(new: int, *, by_person: int, on_issue: int) -> TooMany | None:
    """Whether so many `new` commands are more than may follow those of the spans; a comment goes as a whole."""
    if by_person + new > BY_PERSON:
        return TooMany.PERSON
    return TooMany.ISSUE if on_issue + new > ON_ISSUE else None
