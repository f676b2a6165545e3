"""Mails about the life of money: it ends soon, it was moved."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.operations.origin import paid_from
from bountyhub.kit.database import transaction
from bountyhub.kit.money import plain
from bountyhub.notifications.about import about
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.tasks.models import Task
from bountyhub.work.next_step import day


@job("notify.life_ending", queue="mail")
def life_ending(run: Run, contribution: int) -> None:
    """The day is near on which the money goes back by itself: what its backer may do until then."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        if row.state is ContributionState.HELD and row.leave_by is not None and row.reminded:
            facts = about(session, row.task_id)
            secret, site = (
                make_link(session, LinkPurpose.CONTRIBUTION, row.email, row.id),
                settings.current().PUBLIC_URL,
            )
            write(
                session, key=f"life:{row.ref}:{row.reminded}", to=row.email,
                subject=f"{plain(row.money)} for {facts.name} go back on {day(row.leave_by)}",
                paragraphs=[
                    f"Money is held for a limited time here. Unless it is delivered before, {plain(row.total)} go back "
                    f"to your {paid_from(session, row)} by themselves on {day(row.leave_by)}, fee included. "
                    "You need not do anything.",
                    "If you want to go on waiting for it, pay anew: when the new payment has arrived, the old one goes "
                    f"back. Or move the money to another task (signed in).\n{site}/c/{secret}",
                    facts.next_line,
                    "No more reminders of this? The page above has a button for that.",
                    f"The task: {facts.url}",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.contribution_moved", queue="mail")
def contribution_moved(run: Run, contribution: int) -> None:
    """The money stands on another task now."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        old = session.get_one(Contribution, row.moved_from_id)
        before, facts = session.get_one(Task, old.task_id), about(session, row.task_id)
        assert row.leave_by is not None
        site = settings.current().PUBLIC_URL
        secret = make_link(session, LinkPurpose.CONTRIBUTION, row.email, row.id)
        write(
            session, key=f"moved:{row.ref}", to=row.email, subject=f"{plain(row.money)} are held for {facts.name} now",
            paragraphs=[
                f"You moved {plain(row.money)} from “{before.title}” to {facts.name}. The fee of "
                f"{plain(row.fee_money)} went with it. Not delivered by {day(row.leave_by)}? Everything goes back to "
                f"the {paid_from(session, row)} you paid with.",
                facts.next_line,
                f"Look at it or take it back (keep this link to yourself):\n{site}/c/{secret}",
                f"The task: {facts.url}",
            ],
        )  # fmt: skip
        run.done(session)
