"""The one sentence that says what happens next, by when and who must act: page, JSON, mail, check run and comment.

Pure: from facts to words. `work.facts` loads the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bountyhub.kit.money import short
from bountyhub.payouts.words import NOT_CONNECTED
from bountyhub.work.paying import cancelled, paying, taken_back
from bountyhub.work.rules import LIFE_GRACE
from bountyhub.work.step_facts import (
    ClaimFacts,
    NextStep,
    ShareFacts,
    TaskFacts,
    day,
    earlier,
    moment,
    why_it_ends,
    why_it_waits,
)

__all__ = ["ClaimFacts", "NextStep", "ShareFacts", "TaskFacts", "day", "moment", "next_step"]


def next_step(task: TaskFacts) -> NextStep:
    """The sentence of a task; every state has one."""
    by_state = {
        "wanted": _wanted,
        "open": _open,
        "reserved": _open,
        "merged": _merged,
        "completed": paying,
        "cancelled": cancelled,
    }
    step = by_state[task.state](task)
    if task.pause is None or task.state not in ("wanted", "open", "reserved"):
        return step
    return replace(step, detail=f"{step.detail} {why_it_waits(task.pause)}".strip())


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
    coming = taken_back(task) if not task.held.amount else None
    if coming is not None:
        return coming
    if task.ends_at is not None:
        return _ending(task, task.ends_at)
    linked = [claim for claim in _of(task, "linked") if not claim.uncounted]
    ready = [c for c in linked if not (c.draft or c.bot) and c.base_counts] or linked
    if ready:
        return _linked(task, ready[0])
    if task.promised.amount and not task.held.amount:
        return NextStep(
            f"Nothing is held for this yet, and {short(task.promised)} are promised.",
            f"They are charged and paid when a pull request that closes #{task.issue} is merged.",
            who="developer",
        )
    if not task.held.amount and task.pause is not None:
        return NextStep("Nobody has funded this, and it takes no money now.", who="maintainer")
    if not task.held.amount:
        return NextStep(
            "Nobody has funded this yet: the first contribution starts it.",
            f"The first merged pull request that closes #{task.issue} is paid what is held then.",
            who="backer",
        )
    return NextStep(
        f"The first merged pull request that closes #{task.issue} is paid {short(task.held)}.",
        f"Open one that says “Fixes #{task.issue}”; it is paid the moment a maintainer merges it." + _besides(task),
        who="developer",
    )


def _besides(task: TaskFacts) -> str:
    """Promises beside what is held."""
    return f" {short(task.promised)} more are promised, and charged then." if task.promised.amount else ""


def _late(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    until = earlier(claim.until, task.life)
    when = f" by {day(until)}" if until else ""
    if claim.bot:
        text = f"Pull request #{claim.number} was merged, but a bot opened it: nobody is paid for it."
        ends = f" by {day(claim.until)}" if claim.until else ""
        return NextStep(text, f"The claim ends{ends}; then the task goes on.", claim.until, "clock")
    return NextStep(
        f"A maintainer of {task.project} has to confirm{when} that #{claim.number} by @{claim.author} delivers this.",
        "Its link to this task was not shown before the merge, so nothing is paid by itself."
        + (" On that day the time of its money begins to end: it goes back." if until != claim.until else ""),
        until,
        "maintainer",
    )


def _ending(task: TaskFacts, ends_at: datetime) -> NextStep:
    if not task.held.amount:
        return NextStep(f"This task ends on {day(ends_at)}.", why_it_ends(task), ends_at, "clock")
    text = f"If no pull request is merged by {day(ends_at)}, {short(task.held)} go back to the backers."
    return NextStep(text, why_it_ends(task), ends_at, "maintainer")


def _linked(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    if claim.bot:
        text = f"Pull request #{claim.number} was opened by a bot: merging it pays nobody."
        return NextStep(text, "A person’s pull request that closes the issue is paid.", who="developer")
    if not claim.base_counts:
        return NextStep(
            f"Pull request #{claim.number} goes into “{claim.base}”, and merges there are not paid.",
            f"@{claim.author} can change its base to the default branch, or to another one that the project lists.",
            who="developer",
        )
    if claim.draft:
        return NextStep(
            f"@{claim.author} is working on pull request #{claim.number}, still a draft.",
            f"When it is ready and merged, {short(task.held)} go to {claim.to}.",
            who="developer",
        )
    return _ready(task, claim)


def _ready(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    text = f"When a maintainer merges #{claim.number}, {short(task.held)} go to {claim.to}."
    if task.promised.amount and not task.held.amount:
        text = (
            f"When a maintainer merges #{claim.number}, the {short(task.promised)} that are promised are charged for "
            f"{claim.to}."
        )
    if not claim.payable:
        unpaid = claim.unpaid or NOT_CONNECTED
        detail = f"@{claim.unpaid_who or claim.author} {unpaid.why}{';' if ':' in unpaid.why else ':'} {unpaid.then}."
    elif claim.co_authors and not claim.split:
        detail = (
            f"It has more than one author, so the money follows after up to {task.window_days} days in which they may "
            "object."
        )
    else:
        detail = (
            f"At once if the maintainer is somebody else than the author, else after up to {task.window_days} days."
        )
    return NextStep(text, detail + (_besides(task) if task.held.amount else ""), who="maintainer")


def _merged(task: TaskFacts) -> NextStep:
    for claim in _of(task, "blocked"):
        return _blocked(task, claim)
    for claim in _of(task, "window"):
        if not task.held.amount:
            return _nothing_to_object_to(claim)
        if _outlives_the_money(task, claim):
            return _too_late(task, claim)
        if task.held == task.aside:
            return _set_aside(task, [claim])
        when = f" on {day(claim.until)}" if claim.until else ""
        return NextStep(
            f"{short(task.held - task.aside)} go to {claim.to}{when} unless somebody entitled objects.",
            f"{claim.change} was merged; backers and maintainers can object until then."
            + (f" {_objections(claim)} {short(task.aside)} aside." if claim.objections else ""),
            claim.until,
            "backer",
        )
    objected = [claim for claim in task.claims if claim.objections]
    if task.held.amount and objected:
        return _set_aside(task, objected)
    return _charging(task) if task.promised.amount else paying(task)


def _charging(task: TaskFacts) -> NextStep:
    """What was promised joins what is paid, or lapses."""
    paid = f" {paying(task).text}" if task.shares else ""
    return NextStep(
        f"{short(task.promised)} that were promised are being charged.",
        f"A promise that can’t be charged in 7 days lapses.{paid}",
        who="clock",
    )


def _objections(claim: ClaimFacts) -> str:
    return "One objection sets" if claim.objections == 1 else f"{claim.objections} objections set"


def _set_aside(task: TaskFacts, claims: Sequence[ClaimFacts]) -> NextStep:
    one = sum(claim.objections for claim in claims) == 1
    by = "an objection until it is settled" if one else "objections until they are settled"
    until = min((claim.until for claim in claims if claim.until), default=None)
    rest = "The rest was released." if task.shares else "Nothing else is held for it."
    return NextStep(f"{short(task.held)} are set aside by {by}.", rest, until, "maintainer")


def _limit(task: TaskFacts) -> datetime | None:
    """The day until which the money held longest may wait for a decision."""
    return task.life + LIFE_GRACE if task.life else None


def _outlives_the_money(task: TaskFacts, claim: ClaimFacts) -> bool:
    return earlier(claim.until, _limit(task)) != claim.until


def _too_late(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    """A window that began when the money should have left already: the site was down over that day."""
    limit = _limit(task)
    when = f" on {day(limit)}" if limit else ""
    text = f"Money held for this begins to go back to its backers{when}: it can’t be held any longer."
    return NextStep(text, f"{claim.change} was heard of too late for its window.", limit, "clock")


def _nothing_to_object_to(claim: ClaimFacts) -> NextStep:
    when = f" on {day(claim.until)}" if claim.until else ""
    text = f"{claim.change} was merged, and nothing is held for it: this is completed{when}."
    return NextStep(text, "What was held went back to its backers.", claim.until, "clock")


def _blocked(task: TaskFacts, claim: ClaimFacts) -> NextStep:
    until = earlier(claim.until, _limit(task))
    when = f" by {day(until)}" if until else ""
    what = short(task.held) if task.held.amount else claim.change
    if claim.reverted:
        return _reverted(task, claim, what, when, until)
    return NextStep(
        f"An objection blocks {what}: a maintainer of {task.project} settles it{when}.",
        "If nobody does, money that can’t be held any longer goes back to its backers."
        if _outlives_the_money(task, claim)
        else "If nobody does, the facts decide: an open issue means it was not delivered.",
        until,
        "maintainer",
    )


def _reverted(task: TaskFacts, claim: ClaimFacts, what: str, when: str, until: datetime | None) -> NextStep:
    text = f"{claim.change} was reverted: {what} stay here unless it is merged again{when}."
    return NextStep(text, f"A maintainer of {task.project} can also settle it sooner, either way.", until, "maintainer")
