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
from bountyhub.payouts.models import Share, ShareState
from bountyhub.people.models import Identity
from bountyhub.ports.forge import LinkSource
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.queries import languages_of, paying_branches
from bountyhub.tasks.models import OVER, Task, TaskState
from bountyhub.tasks.queries import takes_money_now, task_of_issue
from bountyhub.work.attempts import standing
from bountyhub.work.facts import task_facts
from bountyhub.work.models import Claim, ClaimState, LabelState, Release, Removed, StatusComment
from bountyhub.work.models_attempts import Attempt
from bountyhub.work.next_step import NextStep, day, next_step
from bountyhub.work.operations.releases import held
from bountyhub.work.rules_attempts import LIVE_CLAIMS
from bountyhub.work.titles import stop_of_task, title_of

#: Why a linked pull request counts for nothing before its merge, in its merge box and on its page.
UNCOUNTED = {
    "too_many": f"Its author has {LIVE_CLAIMS} other live claims: until one of them is over, this one keeps no money "
    "here. Merging it pays all the same.",
    "no_attempt": "Its author has not said that they are on it, so it keeps no money here. "
    "Merging it pays all the same.",
}


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
    languages: tuple[str, ...]
    landed: bool = False


@dataclass(frozen=True)
class TaskStatus:
    """A task as the issue's status comment shows it.

    `takeable`: can be taken back at once within its first days; `promised`: never a part of what is held; `labelled`:
    its project wants funded issues labelled, `carries`: the labels it has; `is_newest`: no later round speaks for it;
    `quiet`: one of many that were imported, and neither money nor work is there yet.
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
    languages: tuple[str, ...]
    is_newest: bool
    quiet: bool
    comment: StatusComment
    #: Who says that they are on it, by login.
    attempts: tuple[str, ...] = ()


def task_status(session: Session, task_id: int) -> TaskStatus:
    """Everything the status comment says; raises NotFound."""
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    repository = session.get_one(Repository, task.repository_id)
    pieces, claims = held(session, task, lock=False), _shown_claims(session, task)
    promised = promised_by_task(session, [task.id]).get(task.id, 0)
    url = f"{settings.current().PUBLIC_URL}/tasks/{task.id}"
    return TaskStatus(
        task_id=task.id, repository_forge_id=repository.forge_id, issue_number=task.issue_number, title=task.title,
        state=task.state, held=Money(sum(p.amount for p in pieces), task.currency),
        takeable=_takeable(session, task), backers=len(pieces),
        next_step=next_step(task_facts(session, [task.id])[task.id]), url=url, fund_url=f"{url}/fund",
        takes_money=takes_money_now(session, task),
        claims=[claim_status(session, id) for id in claims],
        promised=Money(promised, task.currency), quiet=task.quiet and not (pieces or claims or promised),
        labelled=session.get_one(Project, task.project_id).label_funded, carries=tuple(task.labels),
        languages=_languages(session, task),
        is_newest=task_of_issue(session, task.repository_id, task.issue_number) == task,
        comment=_comment(session, task),
        attempts=tuple(one.login for one in standing(session, Attempt.task_id == task.id)),
    )  # fmt: skip


def _languages(session: Session, task: Task) -> tuple[str, ...]:
    return languages_of(session, session.get_one(Repository, task.repository_id))


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
    shown = (Claim.task_id == task.id) & Claim.state.not_in(hidden) & (Claim.uncounted == "")
    return list(session.scalars(select(Claim.id).where(shown).order_by(Claim.pull_number, Claim.id)))


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
        title=title_of(session, task, claim, author, facts), summary=_summary(session, task, claim, step),
        check_run_id=claim.check_run_id, check_sha=claim.check_sha, check_digest=claim.check_digest,
        details_url=f"{settings.current().PUBLIC_URL}/claims/{claim.id}", author_login=author.login, next_step=step,
        landed=claim.source is LinkSource.LANDED,
        languages=_languages(session, task),
    )  # fmt: skip


def _summary(session: Session, task: Task, claim: Claim, step: NextStep) -> str:
    lines = [f"**{step.text}**", step.detail]
    if claim.state in (ClaimState.LINKED, ClaimState.CLOSED) and not claim.base_counts:
        lines.append(_where_merges_pay(session, claim))
    if claim.reverted_url:
        lines.append(f"The change was [reverted]({claim.reverted_url}).")
    if claim.uncounted in UNCOUNTED:
        lines.append(UNCOUNTED[claim.uncounted])
    takeable = _takeable(session, task)
    if claim.state is ClaimState.LINKED and takeable.amount:
        lines.append(f"Of the sum, {short(takeable)} were paid less than 14 days ago and can be taken back at once.")
    stop = stop_of_task(session, task) if claim.state is ClaimState.LINKED else None
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
