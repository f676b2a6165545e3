"""Pure rules of imports: what one takes, and what it leaves out and why."""

from __future__ import annotations

#: So many issues become tasks by one import; the next one goes on where it ended.
MOST = 500
#: So many pages of 100 of the forge's list are looked through, newest first.
MOST_PAGES = 10
#: Issues ticked on a page of the list.
MOST_TICKED = 100
#: Labels of one repository that can be followed.
MOST_FOLLOWED = 10
#: Issues read one after the other before others have their turn.
SLICE = 20

PULL_REQUEST = "It is a pull request."
CLOSED = "It is closed."
LOCKED = "Its conversation is locked: nobody could answer there."
MOVED = "It was moved to another repository."
GONE = "GitHub doesn’t show it: it was deleted, or is private."


def why_left_out(*, is_pull_request: bool, is_open: bool, locked: bool, moved: bool = False) -> str:
    """Why an issue doesn't become a task by an import; empty where it does."""
    if is_pull_request:
        return PULL_REQUEST
    if moved:
        return MOVED
    if not is_open:
        return CLOSED
    return LOCKED if locked else ""
