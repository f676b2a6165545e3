"""The one sentence that says what happens next, by when and who must act: page, JSON, mail, check run and comment.

Pure: from facts to words. `work.facts` loads the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bountyhub.kit.money import Money, short


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


@dataclass(frozen=True)
class TaskFacts:
    """What the sentence of a task depends on. `held` is money in escrow; `returned`: some went back."""

    id: int
    project: str
    issue: int
    state: str
    installed: bool
    held: Money
    ends_at: datetime | None
    ends_reason: str
    ends_note: str
    claims: Sequence[ClaimFacts]
    shares: Sequence[ShareFacts]
    returned: bool


def day(moment: datetime) -> str:
    """`3 December 2026` (UTC)."""
    return f"{moment.day} {moment:%B %Y}"


def next_step(task: TaskFacts) -> NextStep:
    """The sentence of a task; every state has one."""
    by_state = {
        "wanted": _wanted,
        "open": _open,
        "reserved": _open,
        "merged": _merged,
        "completed": _completed,
        "cancelled": _cancelled,
    }
    return by_state[task.state](task)


def _wanted(task: TaskFacts) -> NextStep:
    if task.installed:
        text = f"A maintainer of {task.project} has to open this task to funding."
    else:
        text = f"A maintainer of {task.project} has not opened this to funding yet."
    return NextStep(text, "Until then it takes interest, but no money.", who="maintainer")


def _of(task: TaskFacts, *states: str) -> list[ClaimFacts]:
    return [claim for claim in task.claims if claim.state in states]


def _open(task: TaskFacts) -> NextStep:
    late = _of(task, "late")
    if late:
        return _late(task, late[0])
    if task.ends_at is not None:
        return _ending(task, task.ends_at)
    linked = _of(task, "linked")
    ready = [c for c in linked if not c.draft and c.base_counts] or linked
    if ready:
        return _linked(task, ready[0])
    if not task.held.amount:
        return NextStep(
            "Nobody has funded this yet: the first contribution starts it.",
            f"The first merged pull request that closes #{task.issue} is paid what is held then.",
            who="backer",
        )
    return NextStep(
        f"The first merged pull request that closes #{task.issue} is paid {short(task.held)}.",
        f"Open one that says “Fixes #{task.issue}”; it is paid the moment a maintainer merges it.",
        who="developer",
    )


def _late(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    until = claim.until
    when = f" by {day(until)}" if until else ""
    if claim.bot:
        text = f"Pull request #{claim.number} was merged, but a bot opened it: nobody is paid for it."
        return NextStep(text, f"The claim ends{when}; then the task goes on.", until, "clock")
    return NextStep(
        f"A maintainer of {task.project} has to confirm{when} that #{claim.number} by @{claim.author} delivers this.",
        "Its link to this task was not shown before the merge, so nothing is paid by itself.",
        until,
        "maintainer",
    )


_REASONS = {
    "issue_closed": "The issue was closed without a claim.",
    "issue_gone": "The issue is gone.",
    "cancelled": "A maintainer cancelled this task.",
    "app_gone": "The project removed bountyhub from its repository.",
    "unwanted": "Nobody new wanted it for 180 days.",
}


def _ending(task: TaskFacts, ends_at: datetime) -> NextStep:
    why = _REASONS.get(task.ends_reason, "")
    note = f" “{task.ends_note}”" if task.ends_note else ""
    if not task.held.amount:
        return NextStep(f"This task ends on {day(ends_at)}.", why + note, ends_at, "clock")
    text = f"If no pull request is merged by {day(ends_at)}, {short(task.held)} go back to the backers."
    return NextStep(text, why + note, ends_at, "maintainer")


def _linked(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    if claim.bot:
        text = f"Pull request #{claim.number} was opened by a bot: merging it pays nobody."
        return NextStep(text, "A person’s pull request that closes the issue is paid.", who="developer")
    if not claim.base_counts:
        return NextStep(
            f"Pull request #{claim.number} goes into “{claim.base}”, and merges there are not paid.",
            f"@{claim.author} can change its base to the default branch.",
            who="developer",
        )
    if claim.draft:
        return NextStep(
            f"@{claim.author} is working on pull request #{claim.number}, still a draft.",
            f"When it is ready and merged, {short(task.held)} go to @{claim.author}.",
            who="developer",
        )
    return _ready(task, claim)


def _ready(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    text = f"When a maintainer merges #{claim.number}, {short(task.held)} go to @{claim.author}."
    if not claim.payable:
        detail = f"@{claim.author} has not connected a payout account yet: until then the money is kept for them."
    elif claim.co_authors:
        detail = "It has more than one author, so the money follows after 7 days in which they may object."
    else:
        detail = "At once if the maintainer is somebody else than the author, else after 7 days."
    return NextStep(text, detail, who="maintainer")


def _merged(task: TaskFacts) -> NextStep:
    for claim in _of(task, "blocked"):
        return _blocked(task, claim)
    for claim in _of(task, "window"):
        if not task.held.amount:
            return _nothing_to_object_to(claim)
        when = f" on {day(claim.until)}" if claim.until else ""
        aside = " One objection sets its own part aside." if claim.objections else ""
        return NextStep(
            f"{short(task.held)} go to @{claim.author}{when} unless somebody entitled objects.",
            f"Pull request #{claim.number} was merged; backers and maintainers can object until then.{aside}",
            claim.until,
            "backer",
        )
    if task.held.amount and any(claim.objections for claim in task.claims):
        return NextStep(
            f"{short(task.held)} are set aside by an objection until it is settled.",
            "The rest was released.",
            min((c.until for c in task.claims if c.objections and c.until), default=None),
            "maintainer",
        )
    return _paying(task)


def _nothing_to_object_to(claim: ClaimFacts) -> NextStep:
    when = f" on {day(claim.until)}" if claim.until else ""
    text = f"Pull request #{claim.number} was merged, and nothing is held for it: this is completed{when}."
    return NextStep(text, "What was held went back to its backers.", claim.until, "clock")


def _blocked(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    when = f" by {day(claim.until)}" if claim.until else ""
    what = short(task.held) if task.held.amount else f"pull request #{claim.number}"
    return NextStep(
        f"An objection blocks {what}: a maintainer of {task.project} settles it{when}.",
        "If nobody does, the facts decide: an open issue means it was not delivered.",
        claim.until,
        "maintainer",
    )


def _paying(task: TaskFacts) -> NextStep:
    kept = [share for share in task.shares if share.state == "kept"]
    if kept:
        return _kept(kept[0])
    waiting = [share for share in task.shares if share.state in ("payable", "transferring")]
    if waiting:
        return _on_its_way(waiting[0])
    paid = [share for share in task.shares if share.state == "paid"]
    if paid:
        return _paid(paid)
    if task.returned:
        return NextStep("The work was merged after the money had gone back to its backers.", who="nobody")
    return NextStep("Merged and completed without money.", who="nobody")


def _kept(share: ShareFacts) -> NextStep:
    until = f" until {day(share.keep_until)}" if share.keep_until else ""
    return NextStep(
        f"{short(share.amount)} are kept for @{share.author}{until}: they sign in and connect a payout account.",
        "If they don’t, it goes back to the backers by itself.",
        share.keep_until,
        "developer",
    )


def _on_its_way(share: ShareFacts) -> NextStep:
    if share.wait == "fresh" and share.leaves_at is not None:
        text = f"{short(share.amount)} leave for @{share.author} on {day(share.leaves_at)}."
        return NextStep(text, "Fresh card money waits before it is transferred.", share.leaves_at, "clock")
    if share.wait == "account":
        text = f"{short(share.amount)} wait for @{share.author}’s payout account."
        return NextStep(text, "The payment provider asks for something there.", who="developer")
    if share.wait == "reversed":
        text = f"A transfer to @{share.author} came back from the payment provider: the operator looks into it."
        return NextStep(text, "At the end of its life the money goes back to the backers by itself.", who="operator")
    if share.wait == "funds":
        text = f"{short(share.amount)} for @{share.author} wait until the card money has arrived."
        return NextStep(text, "It is tried again by itself.", who="clock")
    return NextStep(
        f"{short(share.amount)} are on their way to @{share.author}.", "Released at the merge.", who="clock"
    )


def _paid(paid: Sequence[ShareFacts]) -> NextStep:
    sums: dict[str, Money] = {}
    for share in paid:
        sums[share.author] = sums[share.author] + share.amount if share.author in sums else share.amount
    named = " and ".join(f"{short(amount)} to @{author}" for author, amount in sums.items())
    last = max((share.paid_at for share in paid if share.paid_at), default=None)
    when = f" on {day(last)}" if last else ""
    return NextStep(f"Paid {named}{when}.", "Nothing is left to do.", last, "nobody")


def _completed(task: TaskFacts) -> NextStep:
    return _paying(task)


def _cancelled(task: TaskFacts) -> NextStep:
    why = _REASONS.get(task.ends_reason, "")
    note = f" “{task.ends_note}”" if task.ends_note else ""
    text = "Cancelled; all money went back to its backers." if task.returned else "Cancelled; no money was held."
    return NextStep(text, (why + note).strip(), who="nobody")
