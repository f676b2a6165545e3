"""Sending a share on: what it is, and to whom it can go."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Payee, Redirect, Share
from bountyhub.payouts.operations.charities import payee_of_project
from bountyhub.people.models import Identity
from bountyhub.projects.models import Project
from bountyhub.tasks.models import Task

PROJECT, CHARITY = "project", "charity:"


@dataclass(frozen=True)
class Sending:
    """A share of the reader: what can be sent on of it, and to whom, as (key, name)."""

    share_id: int
    amount: Money
    task_title: str
    task_url: str
    sent_on_to: str
    choices: tuple[tuple[str, str], ...]


def sending(session: Session, share_id: int, person_id: int) -> Sending:
    """One share of theirs; raises NotFound for anybody else's."""
    share = session.get(Share, share_id)
    if share is None or session.get_one(Identity, share.identity_id).person_id != person_id:
        raise NotFound("There is no such share of yours.")
    task, redirect = session.get_one(Task, share.task_id), session.get(Redirect, share.id)
    pieces = ledger.pieces_of_share(session, share.ref, "kept_for")
    pieces += ledger.pieces_of_share(session, share.ref, "payable")
    left = sum(amount for _, amount in pieces)
    return Sending(
        share_id=share.id, amount=Money(left, share.currency), task_title=task.title, task_url=f"/tasks/{task.id}",
        sent_on_to=redirect.name if redirect else "", choices=_choices(session, task, person_id),
    )  # fmt: skip


def _choices(session: Session, task: Task, person_id: int) -> tuple[tuple[str, str], ...]:
    payee = payee_of_project(session, task.project_id)
    project = session.get_one(Project, task.project_id).name
    to_project = [(PROJECT, f"The project {project}")] if payee is not None and payee.person_id != person_id else []
    return (*to_project, *((f"{CHARITY}{name}", name) for name in sorted(settings.current().CHARITIES)))


def project_target(session: Session, share_id: int) -> tuple[Payee, str] | None:
    """The account that takes what is sent on to the share's project, and the project's name."""
    share = session.get_one(Share, share_id)
    project = session.get_one(Project, session.get_one(Task, share.task_id).project_id)
    payee = payee_of_project(session, project.id)
    return (payee, project.name) if payee is not None else None


def sent_on(session: Session, share_ids: list[int]) -> dict[int, str]:
    """To whom shares were sent on, by share; one query."""
    rows = session.scalars(select(Redirect).where(Redirect.share_id.in_(share_ids)))
    return {row.share_id: row.name for row in rows}
