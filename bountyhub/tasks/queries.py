"""Reads about tasks."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bountyhub.projects import queries as projects
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.rules_policy import Policy, from_json
from bountyhub.tasks.models import OVER, Task
from bountyhub.tasks.rules import takes_money


def tasks_of_issue(repository_id: int, number: int) -> Select[Task]:
    """Every round of an issue: the one that lives first, then the newest."""
    query = select(Task).where(Task.repository_id == repository_id, Task.issue_number == number)
    return query.order_by(Task.state.in_(OVER), Task.id.desc())


def task_of_issue(session: Session, repository_id: int, number: int) -> Task | None:
    """The task of an issue that lives, else its newest."""
    return session.scalars(tasks_of_issue(repository_id, number)).first()


def next_round(session: Session, task: Task) -> int | None:
    """The task that followed this one on the same issue."""
    return session.scalars(select(Task.id).where(Task.previous_id == task.id).order_by(Task.id.desc())).first()


def takes_money_now(session: Session, task: Task) -> bool:
    """Whether a payment may be begun and kept: `may_take_money`, and its project isn't paused."""
    return may_take_money(session, task) and session.get_one(Project, task.project_id).pause is None


def may_take_money(session: Session, task: Task) -> bool:
    """Whether it is an open task of an installed repository that isn't ending, paused or not."""
    installed = projects.is_installed(session, session.get_one(Repository, task.repository_id))
    return takes_money(task.state, ends=task.ends_at is not None, installed=installed)


def policy_of(session: Session, task_id: int) -> tuple[int | None, Policy]:
    """The policy in force for a task and the version of the file that says so; None while the defaults are."""
    query = select(Repository.policy_id, Repository.policy).join(Task, Task.repository_id == Repository.id)
    id, policy = session.execute(query.where(Task.id == task_id)).one()
    return id, from_json(policy)
