"""Whom an event concerns and how it is named: loaded once per mail, used by every event group."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.payouts.models import Share
from bountyhub.people.models import Identity, Person
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Project, Repository
from bountyhub.tasks.models import Task
from bountyhub.work.facts import next_steps
from bountyhub.work.models import Claim
from bountyhub.work.next_step import NextStep


@dataclass(frozen=True)
class About:
    """A task as a mail names it."""

    task: Task
    name: str
    url: str
    step: NextStep

    @property
    def next_line(self) -> str:
        """The sentence every mail about a task ends with."""
        return f"What happens next: {self.step.text} {self.step.detail}".strip()


def about(session: Session, task_id: int) -> About:
    """The task with its name, address and next step."""
    task = session.get_one(Task, task_id)
    repository = session.get_one(Repository, task.repository_id)
    return About(
        task=task,
        name=f"“{task.title}” ({repository.full_name} #{task.issue_number})",
        url=f"{settings.current().PUBLIC_URL}/tasks/{task.id}",
        step=next_steps(session, [task.id])[task.id],
    )


def project_name(session: Session, task: Task) -> str:
    """The project's name."""
    return session.get_one(Project, task.project_id).name


def backers(session: Session, task_id: int) -> list[str]:
    """Addresses of everybody whose money is or was held for a task."""
    states = [ContributionState.HELD, ContributionState.CLOSED]
    query = select(Contribution.email).where(Contribution.task_id == task_id, Contribution.state.in_(states))
    return sorted(set(session.scalars(query)))


def givers(session: Session, share: Share) -> dict[str, Money]:
    """Address of everybody whose money a share was released from, with how much of it was theirs."""
    query = (
        select(Contribution.email, -func.sum(Line.amount))
        .join(Account, Account.contribution == Contribution.ref)
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Account.owner == share.ref, Entry.kind == "released")
        .group_by(Contribution.email)
    )
    return {email: Money(int(amount), share.currency) for email, amount in session.execute(query)}


def maintainers(session: Session, task: Task) -> list[str]:
    """Addresses of the deciders known here and of whoever opened the task."""
    people = {*projects.deciders(session, task.repository_id), *([task.opened_by] if task.opened_by else [])}
    if not people:
        return []
    query = select(Person.email).where(Person.id.in_(people), Person.email.is_not(None))
    return sorted({address for address in session.scalars(query) if address})


def developer(session: Session, identity_id: int) -> str | None:
    """The address behind a forge account, None while its person never signed in."""
    query = select(Person.email).join(Identity, Identity.person_id == Person.id).where(Identity.id == identity_id)
    return session.scalars(query).first()


def author(session: Session, claim: Claim) -> Identity:
    """Who opened the claim's pull request."""
    return session.get_one(Identity, claim.author_id)
