"""The four steps of a task's way, drawn at the top of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bountyhub.kit.money import short
from bountyhub.pages.contexts.claims import ClaimView
from bountyhub.tasks.models import TaskState
from bountyhub.work.listing import Listed
from bountyhub.work.models import ClaimState

Status = Literal["done", "now", "todo"]
#: How far a task in a state that is past being built has come: opened, funded, built, merged, paid.
_DONE = {TaskState.MERGED: 4, TaskState.COMPLETED: 5}
_LABELS = ("Opened", "Funded", "Pull request", "Merged", "Paid")


@dataclass(frozen=True)
class Step:
    """One step: `detail` is empty or a few words."""

    label: str
    detail: str
    status: Status


def progress(listed: Listed, claims: Sequence[ClaimView]) -> list[Step]:
    """Opened, funded, built, merged, paid: what is done, what is on, what comes."""
    if listed.task.state is TaskState.CANCELLED:
        return []
    done = _DONE.get(listed.task.state, 0) or _before_merge(listed, claims)
    details = _details(listed, claims)
    labels = (*_LABELS[:-1], "Not paid") if _paid_nobody(listed) else _LABELS
    return [Step(label, details.get(label, ""), _status(place, done)) for place, label in enumerate(labels)]


def _paid_nobody(listed: Listed) -> bool:
    """Completed without money, or what was kept for a developer went back."""
    return listed.task.state is TaskState.COMPLETED and not listed.released


def _before_merge(listed: Listed, claims: Sequence[ClaimView]) -> int:
    if listed.task.state is TaskState.WANTED:
        return 0
    if not listed.held.amount:
        return 1
    ready = any(c.state in (ClaimState.LINKED, ClaimState.LATE) and not c.draft for c in claims)
    return 3 if ready else 2


def _status(place: int, done: int) -> Status:
    if place < done:
        return "done"
    return "now" if place == done else "todo"


def _details(listed: Listed, claims: Sequence[ClaimView]) -> dict[str, str]:
    backers = f"{listed.backers} backer{'' if listed.backers == 1 else 's'}"
    alive = [c for c in claims if c.state not in (ClaimState.CLOSED, ClaimState.UNLINKED, ClaimState.SUPERSEDED)]
    return {
        "Opened": "",
        "Funded": f"{short(listed.held)}, {backers}" if listed.held.amount else "",
        "Pull request": f"#{alive[0].pr_number} by {alive[0].author}" if alive else "",
        "Merged": "releases the money",
        "Paid": "by itself",
    }
