"""Reads of work, shaped for the status comment, the check run and reconciliation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.promises import promised_by_task
from bountyhub.funding.queries import in_cooling_off
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money, short
from bountyhub.payouts.models import Payee, Redirect, Share, ShareState, Stop
from bountyhub.payouts.operations.stops import public_stop_of_tasks
from bountyhub.payouts.words import Unpaid, why_unpaid
from bountyhub.people.models import Identity
from bountyhub.ports.forge import LinkSource
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.queries import paying_branches
from bountyhub.tasks.models import OVER, Task, TaskState
from bountyhub.tasks.queries import takes_money_now, task_of_issue
from bountyhub.work.facts import task_facts
from bountyhub.work.models import Claim, ClaimState, LabelState, Release, Removed, StatusComment
from bountyhub.work.next_step import NextStep, TaskFacts, day, next_step
from bountyhub.work.operations.releases import held


@dataclass(frozen=True)
class ClaimStatus:
    """A claim as the check run shows it: `title` in the merge box, `summary` in Markdown behind it."""

    claim_id: int
    task_id: int
    repository_forge_id: int
    issue_number: int
    pull_number: int
    head_sha: str
    state: ClaimState
    title: str
    summary: str
    check_run_id: int | None
    check_sha: str
    check_digest: str
    details_url: str
    author_login: str
    next_step: NextStep
    landed: bool = False


@dataclass(frozen=True)
class TaskStatus:
    """A task as the issue's status comment shows it.

    `takeable`: can be taken back at once within its first days; `promised`: never a part of what is held; `labelled`:
    its project wants funded issues labelled, `carries`: the labels it has; `is_newest`: no later round speaks for it.
    """

    task_id: int
    repository_forge_id: int
    issue_number: int
    title: str
    state: TaskState
    held: Money
    takeable: Money
    backers: int
    next_step: NextStep
    url: str
    fund_url: str
    takes_money: bool
    claims: list[ClaimStatus]
    promised: Money
    labelled: bool
    carries: tuple[str, ...]
    is_newest: bool
    comment: StatusComment


def task_status(session: Session, task_id: int) -> TaskStatus:
    """Everything the status comment says; raises NotFound."""
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    repository = session.get_one(Repository, task.repository_id)
    pieces = held(session, task, lock=False)
    url = f"{settings.current().PUBLIC_URL}/tasks/{task.id}"
    return TaskStatus(
        task_id=task.id, repository_forge_id=repository.forge_id, issue_number=task.issue_number, title=task.title,
        state=task.state, held=Money(sum(p.amount for p in pieces), task.currency),
        takeable=_takeable(session, task), backers=len(pieces),
        next_step=next_step(task_facts(session, [task.id])[task.id]), url=url, fund_url=f"{url}/fund",
        takes_money=takes_money_now(session, task),
        claims=[claim_status(session, id) for id in _shown_claims(session, task)],
        promised=Money(promised_by_task(session, [task.id]).get(task.id, 0), task.currency),
        labelled=session.get_one(Project, task.project_id).label_funded, carries=tuple(task.labels),
        is_newest=task_of_issue(session, task.repository_id, task.issue_number) == task,
        comment=_comment(session, task),
    )  # fmt: skip


def _comment(session: Session, task: Task) -> StatusComment:
    """Where the issue's comment is, as known; a blank one where there is none yet."""
    query = select(StatusComment).where(StatusComment.repository_id == task.repository_id)
    found = session.scalars(query.where(StatusComment.issue_number == task.issue_number)).first()
    return found or StatusComment(
        repository_id=task.repository_id, issue_number=task.issue_number, digest="", hidden=False, locked=False,
        removed=Removed.NO, refused="", label=LabelState.NONE,
    )  # fmt: skip


def _shown_claims(session: Session, task: Task) -> list[int]:
    hidden = (ClaimState.UNLINKED, ClaimState.CLOSED)
    return list(session.scalars(select(Claim.id).where(Claim.task_id == task.id, Claim.state.not_in(hidden))))


def _takeable(session: Session, task: Task) -> Money:
    pieces, now = held(session, task, lock=False), clock.now()
    fresh = (p.amount for p in pieces if in_cooling_off(p.contribution, now))
    return Money(sum(fresh), task.currency)


def claim_status(session: Session, claim_id: int) -> ClaimStatus:
    """Everything the check run says; raises NotFound."""
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise NotFound("There is no such claim.")
    task = session.get_one(Task, claim.task_id)
    author = session.get_one(Identity, claim.author_id)
    facts = task_facts(session, [task.id])[task.id]
    step, repository = next_step(facts), session.get_one(Repository, claim.repository_id)
    return ClaimStatus(
        claim_id=claim.id, task_id=task.id, repository_forge_id=repository.forge_id,
        issue_number=task.issue_number, pull_number=claim.pull_number, head_sha=claim.head_sha, state=claim.state,
        title=_title(session, task, claim, author, facts), summary=_summary(session, task, claim, step),
        check_run_id=claim.check_run_id, check_sha=claim.check_sha, check_digest=claim.check_digest,
        details_url=f"{settings.current().PUBLIC_URL}/claims/{claim.id}", author_login=author.login, next_step=step,
        landed=claim.source is LinkSource.LANDED,
    )  # fmt: skip


def _title(session: Session, task: Task, claim: Claim, author: Identity, facts: TaskFacts) -> str:
    """The line in the merge box."""
    number, who = f"#{task.issue_number}", f"@{author.login}"
    if claim.state is ClaimState.CLOSED and not claim.base_counts:
        return f"A merge into {claim.base} pays nothing for {number}"
    if claim.state is ClaimState.LINKED:
        return _title_before(session, task, claim, author, facts.held)
    if claim.state is ClaimState.LATE:
        return f"A maintainer has to confirm that this delivers {number}"
    if claim.state is ClaimState.WINDOW:
        return _title_in_window(claim, facts, number, who)
    if claim.state is ClaimState.BLOCKED:
        by = "A revert" if claim.reverted_url else "An objection"
        return f"{by} blocks {short(facts.held)} of {number}"
    if claim.state is ClaimState.RELEASED:
        return _title_after(session, claim, number, who)
    words = {
        "superseded": "was won by another pull request", "refused": "was not paid for this pull request",
        "undone": "is not paid for this pull request: its release was undone",
    }  # fmt: skip
    return f"{number} {words.get(claim.state, 'is not linked to this pull request')}"


def _title_in_window(claim: Claim, facts: TaskFacts, number: str, who: str) -> str:
    if facts.held.amount and facts.held == facts.aside:
        return f"All of {number} is set aside by objections"
    when = f" on {day(claim.until)}" if claim.until else ""
    return f"{short(facts.held - facts.aside)} of {number} go to {who}{when}"


def _title_before(session: Session, task: Task, claim: Claim, author: Identity, sum_held: Money) -> str:
    number, who = f"#{task.issue_number}", f"@{author.login}"
    if author.is_bot:
        return f"Merging this pays nobody for {number}: a bot opened it"
    if not claim.base_counts:
        return f"Merging this into {claim.base} pays nothing for {number}"
    if not sum_held.amount:
        return f"Nothing is held for {number} yet"
    if claim.co_authors:
        return f"Merging this begins up to 7 days for objections; then {short(sum_held)} of {number} go to {who}"
    if claim.draft:
        return f"Still a draft: once ready, merging it releases {short(sum_held)} of {number} to {who}"
    unpaid = _unpaid(session, author)
    if unpaid is not None and unpaid.why.startswith("can’t"):
        return f"Merging this keeps {short(sum_held)} of {number} for {who}, who {unpaid.why.partition(':')[0]}"
    if unpaid is not None:
        return f"Merging this keeps {short(sum_held)} of {number} for {who} until they connect a payout account"
    if _stop(session, task) is not None:
        return f"Merging this releases {short(sum_held)} of {number} to {who}, paid once a stop has ended"
    return f"Merging this releases {short(sum_held)} of {number} to {who}"


def _unpaid(session: Session, author: Identity) -> Unpaid | None:
    query = select(Payee.state, Payee.disabled_reason).where(Payee.person_id == author.person_id)
    found = session.execute(query).first() if author.person_id is not None else None
    return why_unpaid(*found) if found is not None else why_unpaid(None)


def _stop(session: Session, task: Task) -> Stop | None:
    """What halts outgoing money of the task at present, where everybody may know."""
    return public_stop_of_tasks(session, [task]).get(task.id)


def _title_after(session: Session, claim: Claim, number: str, who: str) -> str:
    shares = list(session.scalars(select(Share).where(Share.claim_id == claim.id).order_by(Share.id)))
    if not shares:
        return f"{number} was completed without money"
    standing = [share for share in shares if share.state is not ShareState.RETURNED]
    total = Money(sum(share.amount for share in standing or shares), shares[0].currency)
    who = _who_gets(session, standing, who)
    if not standing:
        return f"{short(total)} of {number} went back: {who} could not be paid in time"
    if any(share.state is ShareState.KEPT for share in shares):
        return f"{short(total)} of {number} are kept for {who}: sign in and connect a payout account"
    if all(share.state is ShareState.PAID for share in standing):
        return f"{short(total)} of {number} were paid to {who}"
    return f"{short(total)} of {number} were released to {who}"


def _who_gets(session: Session, shares: list[Share], author: str) -> str:
    """Who gets these, by name: to whom they were sent on, else their author."""
    query = select(Redirect).where(Redirect.share_id.in_([share.id for share in shares]))
    names = {row.share_id: row.name for row in session.scalars(query)}
    return " and ".join(sorted({names.get(share.id, author) for share in shares})) or author


def _summary(session: Session, task: Task, claim: Claim, step: NextStep) -> str:
    lines = [f"**{step.text}**", step.detail]
    if claim.state in (ClaimState.LINKED, ClaimState.CLOSED) and not claim.base_counts:
        lines.append(_where_merges_pay(session, claim))
    if claim.reverted_url:
        lines.append(f"The change was [reverted]({claim.reverted_url}).")
    takeable = _takeable(session, task)
    if claim.state is ClaimState.LINKED and takeable.amount:
        lines.append(f"Of the sum, {short(takeable)} were paid less than 14 days ago and can be taken back at once.")
    stop = _stop(session, task) if claim.state is ClaimState.LINKED else None
    if stop is not None:
        lines.append(f"Outgoing money is stopped until {day(stop.until)} at the latest: {stop.reason}")
    notices = _notices(session, task)
    if notices:
        lines.append("Notice of withdrawal was given: " + ", ".join(notices) + ". A merge before then wins.")
    return "\n\n".join(line for line in lines if line)


def _where_merges_pay(session: Session, claim: Claim) -> str:
    branches = paying_branches(session, session.get_one(Repository, claim.repository_id))
    return "Merges into these branches pay: " + ", ".join(f"`{branch}`" for branch in branches) + "."


def _notices(session: Session, task: Task) -> list[str]:
    query = select(Contribution).where(Contribution.task_id == task.id, Contribution.notice_until.is_not(None))
    given = session.scalars(query.order_by(Contribution.notice_until)).all()
    return [f"{short(c.money)} for {day(c.notice_until)}" for c in given if c.notice_until]


def released(session: Session, which: ColumnElement[bool]) -> dict[str, int]:
    """What was released by claims (`which`, with their tasks), by currency in minor units.

    Of a release that was undone only what could not be brought back counts.
    """
    undone = Claim.state == ClaimState.UNDONE
    stands = select(Release.currency, func.sum(Release.amount)).join(Claim, Claim.id == Release.claim_id)
    stays = select(Share.currency, func.sum(Share.amount)).join(Claim, Claim.id == Share.claim_id)
    stays = stays.where(undone, Share.state != ShareState.RETURNED).group_by(Share.currency)
    sums: Counter[str] = Counter()
    for query in (stands.where(~undone).group_by(Release.currency), stays):
        for currency, amount in session.execute(query.join(Task, Task.id == Claim.task_id).where(which)):
            sums[currency] += int(amount)
    return dict(sums)


def watched_pulls(session: Session) -> list[tuple[int, int]]:
    """(forge repository id, number) of every pull request that stands for a task: what reconciliation re-reads."""
    query = (
        select(Repository.forge_id, Claim.pull_number)
        .join(Claim, Claim.repository_id == Repository.id)
        .where(Claim.state == ClaimState.LINKED)
        .distinct()
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def watched_issues(session: Session) -> list[tuple[int, int]]:
    """(forge repository id, number) of the issues of all living tasks; only wanted ones need no installation."""
    query = (
        select(Repository.forge_id, Task.issue_number)
        .join(Task, Task.repository_id == Repository.id)
        .where(Task.state.not_in(OVER))
        .where((Task.state == TaskState.WANTED) | Repository.installation_id.is_not(None))
    )
    return [(row[0], row[1]) for row in session.execute(query)]
