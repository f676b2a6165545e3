"""Mails about the App's life on a repository: it left, it lacks a permission, a task that was ending goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.notifications.about import about, backers, maintainers
from bountyhub.notifications.mails import write
from bountyhub.notifications.models import OutgoingMail
from bountyhub.people.models import Person
from bountyhub.ports import forge
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Installation, Repository
from bountyhub.tasks.models import EndsReason, Task, TaskState
from bountyhub.work.next_step import day


@job("notify.app_left", queue="mail")
def app_left(run: Run, repositories: list[int], suspended: bool) -> None:
    """The App was removed or suspended: who decides there is told what follows, in one mail."""
    with transaction() as session:
        rows = [session.get_one(Repository, id) for id in repositories]
        for address, theirs in _deciders(session, rows).items():
            names = ", ".join(row.full_name for row in theirs)
            verb = "suspended on" if suspended else "removed from"
            lift = f"Lift the suspension on {forge().site.name}"
            again = lift if suspended else f"Install it again: {_page('/github/install')}"
            said = [
                f"The App was {verb} {names}: from now on its tasks take no money.",
                _what_follows(session, theirs),
                f"If that was not meant: {again}.",
            ]
            subject = f"bountyhub was {verb} {names}"
            write(session, key=f"app-left:{run.row}", to=address, subject=subject, paragraphs=said)
        run.done(session)


@job("notify.app_lacks", queue="mail")
def app_lacks(run: Run, installation: int, missing: list[str]) -> None:
    """An installation lacks permissions that the App asks for: its deciders are told which and where to say yes."""
    with transaction() as session:
        row = session.get_one(Installation, installation)
        query = select(Repository).where(Repository.installation_id == row.id).order_by(Repository.id)
        for address in _deciders(session, session.scalars(query).all()) if missing and row.missing == missing else ():
            where = f"{forge().site.installations_url}/{row.forge_id}"
            said = [
                f"On {row.account}, the bountyhub App lacks permissions that it needs: {', '.join(missing)}. Until it "
                "has them, some of its tasks may not be shown or paid as they should.",
                f"An owner of {row.account} can accept them here: {where}",
            ]
            subject = f"bountyhub needs permissions on {row.account}"
            write(session, key=f"app-lacks:{run.row}", to=address, subject=subject, paragraphs=said)
        run.done(session)


@job("notify.task_goes_on", queue="mail")
def task_goes_on(run: Run, task: int, announced: str) -> None:
    """The reason to end is gone: whoever was told of the end is told so."""
    with transaction() as session:
        facts = about(session, task)
        ended = datetime.fromisoformat(announced)
        told = select(OutgoingMail.id).where(OutgoingMail.key.startswith(f"ending:{task}:{ended.isoformat()}:"))
        if facts.task.ends_at is None and session.scalars(told).first() is not None:
            said = [f"{facts.name} does not end: what stood against it is over.", facts.next_line, facts.url]
            for address in sorted({*backers(session, task), *maintainers(session, facts.task)}):
                write(session, key=f"goes-on:{task}:{announced}", to=address, subject=f"Goes on: {facts.name}",
                      paragraphs=said)  # fmt: skip
        run.done(session)


def _deciders(session: Session, rows: Sequence[Repository]) -> dict[str, list[Repository]]:
    """Addresses of who decides in any of them, or opened a task there, with the repositories that concern each."""
    found: dict[str, list[Repository]] = {}
    for row in rows:
        opened = select(Task.opened_by).where(Task.repository_id == row.id, Task.opened_by.is_not(None)).distinct()
        people = {*projects.deciders(session, row.id), *session.scalars(opened)}
        query = select(Person.email).where(Person.id.in_(people), Person.email.is_not(None))
        for address in session.scalars(query.order_by(Person.id)):
            found.setdefault(str(address), []).append(row)
    return found


def _what_follows(session: Session, rows: list[Repository]) -> str:
    ids = [row.id for row in rows]
    gone = (Task.repository_id.in_(ids), Task.ends_reason == EndsReason.APP_GONE)
    ends = session.scalar(select(func.max(Task.ends_at)).where(*gone, Task.ends_at.is_not(None)))
    over = session.scalar(select(func.count()).select_from(Task).where(*gone, Task.state == TaskState.CANCELLED))
    parts = []
    if over:
        parts.append("What was held for tasks without a ready pull request goes back to their backers.")
    if ends is not None:
        parts.append(
            f"Tasks with a ready pull request end by {day(ends)}: a merge until then is paid, and if the App is back "
            "before, they go on."
        )
    return " ".join(parts) or "No money was held there."


def _page(path: str) -> str:
    return f"{settings.current().PUBLIC_URL}{path}"
