"""The mail about a request that a project refused: to whoever asked for the task or wanted it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.notifications.about import about, project_name
from bountyhub.notifications.mails import write
from bountyhub.people.models import Person
from bountyhub.tasks.models import EndsReason, Interest, Task


@job("notify.request_refused", queue="mail")
def request_refused(run: Run, task: int) -> None:
    """The maintainers don't want it funded: the reason, as it stands on its page."""
    with transaction() as session:
        facts = about(session, task)
        if facts.task.ends_reason is EndsReason.REFUSED:
            said = [
                f"The maintainers of {project_name(session, facts.task)} don’t want {facts.name} to be funded here: "
                f"“{facts.task.ends_note}”",
                "It can’t be asked for again; they can still change their mind. No money was held for it.",
                f"The task: {facts.url}",
            ]
            for address in _who_asked(session, facts.task):
                subject = f"Not funded here: {facts.name}"
                write(session, key=f"request-refused:{task}", to=address, subject=subject, paragraphs=said)
        run.done(session)


def _who_asked(session: Session, task: Task) -> list[str]:
    """Addresses of whoever listed the task and of all who wanted it."""
    wanted = select(Interest.person_id).where(Interest.task_id == task.id)
    people = {*session.scalars(wanted), task.created_by} - {None}
    query = select(Person.email).where(Person.id.in_(people), Person.email.is_not(None))
    return sorted({address for address in session.scalars(query) if address})
