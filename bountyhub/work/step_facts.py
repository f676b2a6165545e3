"""What the next-step sentence is made of: the facts of a task, its claims and shares; pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bountyhub.kit.money import Money
from bountyhub.payouts.words import Unpaid
from bountyhub.projects.rules import Pause
from bountyhub.work.rules_split import named

REASONS = {
    "issue_closed": "The issue was closed without a claim.",
    "issue_gone": "The issue is gone.",
    "cancelled": "A maintainer cancelled this task.",
    "app_gone": "The project removed bountyhub from its repository.",
    "archived": "The project archived its repository: nothing is merged there.",
    "policy_no": "The project’s policy file says that its issues take no money.",
    "unwanted": "Nobody new wanted it for 180 days.",
    "refused": "The maintainers don’t want it funded here.",
}


@dataclass(frozen=True)
class NextStep:
    """`text`: the sentence; `detail`: one more; `by`: the moment in it, business time; `who` must act."""

    text: str
    detail: str = ""
    by: datetime | None = None
    who: str = ""


@dataclass(frozen=True)
class ClaimFacts:
    """A live or finished claim as the sentence needs it."""

    number: int
    author: str
    state: str
    draft: bool
    base: str
    base_counts: bool
    bot: bool
    payable: bool
    co_authors: int
    until: datetime | None
    objections: int
    #: Why its author can't be paid, and what becomes of the money meanwhile; None where nothing is known.
    unpaid: Unpaid | None = None
    reverted: bool = False
    landed: bool = False
    #: Who gets how many percent, where its author said so; and who of them it is that can't be paid.
    split: Sequence[tuple[str, int]] = ()
    unpaid_who: str = ""
    #: Why it counts for nothing before its merge; empty where it counts.
    uncounted: str = ""

    @property
    def to(self) -> str:
        """Who gets it, as a sentence names them."""
        return named([f"{who} ({percent} %)" for who, percent in self.split] or [self.author])

    @property
    def change(self) -> str:
        """What was merged, at the beginning of a sentence."""
        return f"The change by @{self.author}" if self.landed else f"Pull request #{self.number}"


@dataclass(frozen=True)
class ShareFacts:
    """A share as the sentence needs it; `leaves_at` is the day its last waiting transfer may leave."""

    author: str
    amount: Money
    state: str
    leaves_at: datetime | None
    paid_at: datetime | None
    wait: str
    keep_until: datetime | None
    #: Why and until when its money is stopped, where everybody may know.
    stop_reason: str = ""
    stopped_until: datetime | None = None
    #: To whom it was sent on, empty for most; and why its author can't be paid.
    redirected_to: str = ""
    unpaid: Unpaid | None = None
    #: What is being taken back of it, because its release was undone.
    coming_back: Money | None = None

    @property
    def to(self) -> str:
        """Who gets it, as a sentence names them."""
        return f"{self.redirected_to} (redirected by @{self.author})" if self.redirected_to else f"@{self.author}"


@dataclass(frozen=True)
class TaskFacts:
    """What the sentence of a task depends on.

    `held` is money in escrow, `aside` what of it open objections set aside, `life`: when the first of it can't be held
    any more; `refunds`: how far the ways back are that were asked for. `promised` is no part of `held`.
    """

    id: int
    project: str
    issue: int
    state: str
    installed: bool
    held: Money
    aside: Money
    life: datetime | None
    ends_at: datetime | None
    ends_reason: str
    ends_note: str
    claims: Sequence[ClaimFacts]
    shares: Sequence[ShareFacts]
    refunds: Collection[str]
    promised: Money
    #: Its project takes no new money for now, with the reason of a decider.
    pause: Pause | None = None
    #: How long people may object, as what is held was promised.
    window_days: int = 7


def day(moment: datetime) -> str:
    """`3 December 2026` (UTC)."""
    return f"{moment.day} {moment:%B %Y}"


def moment(at: datetime) -> str:
    """`3 December 2026, 14:05 UTC`."""
    return f"{day(at)}, {at:%H:%M} UTC"


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments, where there are any."""
    return min((moment for moment in (one, other) if moment is not None), default=None)


def why_it_waits(pause: Pause) -> str:
    """What a pause means, with what the person who paused wrote."""
    until = f" until {day(pause.until)}" if pause.until else ""
    return f"The project is paused{until}: it takes no new money and no new tasks. “{pause.reason}”"


def why_it_ends(task: TaskFacts) -> str:
    """Why a task ends or was cancelled, with what the person who did it wrote."""
    note = f" “{task.ends_note}”" if task.ends_note else ""
    return (REASONS.get(task.ends_reason, "") + note).strip()
