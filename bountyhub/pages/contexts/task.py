"""The page of one task: everything its template shows, in a fixed number of queries whatever its size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.queries import in_cooling_off
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.kit.markdown import LONGEST, to_html
from bountyhub.kit.money import Money
from bountyhub.ledger.statement import lines_for
from bountyhub.pages.contexts import claims, words
from bountyhub.pages.contexts.activity import activity
from bountyhub.pages.contexts.attempts import Attempts, attempts_on
from bountyhub.pages.contexts.claims import ClaimView
from bountyhub.pages.contexts.contributions import Where, whereabouts
from bountyhub.pages.contexts.funding import blocked_note, why_no_money
from bountyhub.pages.contexts.objections import objecting
from bountyhub.pages.contexts.parts import Action, Dated, ProjectLink
from bountyhub.pages.contexts.payee import before_work
from bountyhub.pages.contexts.progress import Step, progress
from bountyhub.pages.contexts.promises import Promised, promised_for
from bountyhub.pages.contexts.task_actions import task_actions
from bountyhub.pages.contexts.viewer import viewer
from bountyhub.people import queries as people
from bountyhub.projects.queries import block_of
from bountyhub.tasks.models import Task, TaskRevision, TaskState
from bountyhub.tasks.queries import next_round
from bountyhub.work import listing
from bountyhub.work.listing import Listed
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.next_step import NextStep


@dataclass(frozen=True)
class Named:
    """Somebody by their name."""

    name: str


@dataclass(frozen=True)
class Backer:
    """One contribution as everybody may see it; `gone` says where its money went when it isn't held any more."""

    name: str
    anonymous: bool
    amount: Money
    since: datetime | None
    until: datetime | None
    notice_until: datetime | None
    gone: str


@dataclass(frozen=True)
class Movement:
    """One line of the books in plain words."""

    at: datetime
    text: str
    amount: Money


@dataclass(frozen=True)
class TaskPage:
    """A task with all its tabs' facts; only the open tab's lists are filled beyond what the frame counts."""

    id: int
    url: str
    title: str
    project: ProjectLink
    issue_url: str
    issue_number: int
    issue_author: str
    state: TaskState
    state_label: str
    opened_at: datetime
    opened_by: Named | None
    revision: int
    labels: list[str]
    next_step: NextStep
    steps: list[Step]
    held: Money
    released: Money
    held_takeable: list[Money]
    promised: Promised
    backers: list[Backer]
    interested: int
    claims: list[ClaimView]
    attempts: Attempts
    takes_money: bool
    why_no_money: str
    blocked_note: str
    actions: list[Action]
    may_claim: bool
    may_land: bool
    before_work: str
    body_html: str
    body_is_cut: bool
    ledger_lines: list[Movement]
    activity: list[Dated]
    previous_url: str | None
    next_url: str | None


def find(session: Session, task_id: int) -> Listed:
    """A task with its project, money and sentence; raises NotFound."""
    if session.get(Task, task_id) is None:
        raise NotFound("There is no such task.")
    return listing.load(session, [task_id])[0]


def task_page(session: Session, task_id: int, person_id: int | None, tab: str) -> TaskPage:
    """The page for this reader; raises NotFound."""
    listed = find(session, task_id)
    task, reader = listed.task, viewer(session, person_id, listed.repository.id)
    contributions = _contributions(session, task)
    where = whereabouts(session, contributions)
    shown = claims.load(session, claims.of_tasks([task.id]), reader, listed.next_step)
    for claim in (view for view in shown if view.state in (ClaimState.WINDOW, ClaimState.BLOCKED)):
        claim.actions.extend(objecting(session, session.get_one(Claim, claim.id), reader))
    block = block_of(session, task.project_id, reader.person_id)
    refusal = why_no_money(session, task, listed.repository, block)
    body = _body(session, task) if tab == "description" else ""
    claimable = task.state in (TaskState.OPEN, TaskState.RESERVED)
    may_claim = claimable and bool(reader.identity_ids) and block is None
    return TaskPage(
        id=task.id, url=f"/tasks/{task.id}", title=task.title, project=project_link(listed),
        issue_url=f"{listed.repository.url}/issues/{task.issue_number}", issue_number=task.issue_number,
        issue_author=listed.author, state=task.state, state_label=state_label(task), opened_at=task.created_at,
        opened_by=_opened_by(session, task), revision=task.revision, labels=task.labels,
        next_step=listed.next_step, steps=progress(listed, shown), held=listed.held, released=listed.released,
        held_takeable=_takeable(contributions, where, task.currency),
        promised=promised_for(session, task),
        backers=_backers(session, contributions, where), interested=listed.interested, claims=shown,
        attempts=attempts_on(session, task, reader),
        takes_money=not refusal, why_no_money=refusal, blocked_note=blocked_note(block),
        actions=task_actions(session, listed, reader), may_claim=may_claim, may_land=claimable and reader.decides,
        before_work=before_work(session, reader.person_id) if may_claim and reader.person_id else "",
        body_html=to_html(body), body_is_cut=len(body) > LONGEST,
        ledger_lines=_movements(session, contributions) if tab == "money" else [],
        activity=_activity(session, task, contributions, shown) if tab == "activity" else [],
        previous_url=_url(task.previous_id), next_url=_url(next_round(session, task)),
    )  # fmt: skip


def _url(task_id: int | None) -> str | None:
    return f"/tasks/{task_id}" if task_id is not None else None


def project_link(listed: Listed) -> ProjectLink:
    """The task's project."""
    return ProjectLink(f"/projects/{listed.project.id}", listed.project.name, listed.project.licence)


def state_label(task: Task) -> str:
    """The word of the state; a task whose end is announced says so."""
    return "Ending" if task.ends_at is not None else words.TASK[task.state]


def _contributions(session: Session, task: Task) -> list[Contribution]:
    paid = [ContributionState.HELD, ContributionState.CLOSED]
    query = select(Contribution).where(Contribution.task_id == task.id, Contribution.state.in_(paid))
    return list(session.scalars(query.order_by(Contribution.captured_at, Contribution.id)))


def _opened_by(session: Session, task: Task) -> Named | None:
    by = task.opened_by or task.created_by
    name = people.names(session, {by} if by else set()).get(by or 0)
    return Named(name) if name else None


def _takeable(contributions: list[Contribution], where: dict[int, Where], currency: str) -> list[Money]:
    """What can be taken back at once because it was paid a few days ago."""
    now = clock.now()
    fresh = sum(where[c.id].held for c in contributions if in_cooling_off(c, now))
    return [Money(fresh, currency)] if fresh else []


def _backers(session: Session, contributions: list[Contribution], where: dict[int, Where]) -> list[Backer]:
    named = {c.person_id for c in contributions if c.person_id and not c.anonymous}
    names = people.names(session, named)
    return [_backer(c, where[c.id], names) for c in contributions if not where[c.id].gone_back]


def _backer(contribution: Contribution, where: Where, names: dict[int, str]) -> Backer:
    held, left = where.state == "held", not contribution.email
    nameless = "Somebody who left" if left else "A backer"
    return Backer(
        name="" if contribution.anonymous and not left else names.get(contribution.person_id or 0, nameless),
        anonymous=contribution.anonymous and not left, amount=contribution.money,
        since=contribution.captured_at, until=contribution.leave_by if held else None,
        notice_until=contribution.notice_until, gone="" if held else where.label,
    )  # fmt: skip


def _body(session: Session, task: Task) -> str:
    query = select(TaskRevision).where(TaskRevision.task_id == task.id, TaskRevision.number == task.revision)
    revision = session.scalars(query).first()
    return revision.body if revision else ""


def _movements(session: Session, contributions: list[Contribution]) -> list[Movement]:
    lines = lines_for(session, [contribution.ref for contribution in contributions])
    return [Movement(line.at, line.text, Money(line.amount, line.currency)) for line in lines]


def _activity(session: Session, task: Task, contributions: list[Contribution], shown: list[ClaimView]) -> list[Dated]:
    objects = [("task", [task.id]), ("claim", [c.id for c in shown]), ("contribution", [c.id for c in contributions])]
    return activity(session, objects, task.currency)
