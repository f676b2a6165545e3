"""Mails about payments about which the payer's bank decides in days: that it takes a while, and that it refused."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.kit.database import transaction
from bountyhub.kit.money import plain
from bountyhub.notifications.about import about
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link


@job("notify.payment_awaited", queue="mail")
def payment_awaited(run: Run, contribution: int) -> None:
    """It is ordered and hasn't arrived; one that arrived or failed meanwhile has a mail of its own."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        facts = about(session, row.task_id)
        if row.state is ContributionState.PENDING and row.email:
            write(
                session, key=f"awaited:{row.ref}", to=row.email,
                subject=f"Your bank takes a few days: {plain(row.money)} for {facts.name}",
                paragraphs=[
                    f"You ordered a payment of {plain(row.total)} for {facts.name}. Your bank takes a few days; we’ll "
                    "write when it has arrived. Nothing is held before that, and you need not do anything.",
                    f"Look at it (keep this link to yourself):\n{_link(session, row)}",
                    f"The task: {facts.url}",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.payment_refused", queue="mail")
def payment_refused(run: Run, contribution: int) -> None:
    """The bank said no; whoever wants to pays anew."""
    with transaction() as session:
        row = session.get_one(Contribution, contribution)
        facts = about(session, row.task_id)
        if row.state is ContributionState.FAILED and row.email:
            write(
                session, key=f"refused:{row.ref}", to=row.email,
                subject=f"Your bank refused {plain(row.total)} for {facts.name}",
                paragraphs=[
                    f"Your bank refused the payment of {plain(row.total)} for {facts.name}, so nothing of it is held. "
                    "Why, your bank knows: there may have been too little on the account.",
                    _anew(row, facts.url),
                    f"Reference: {row.ref}",
                ],
            )  # fmt: skip
        run.done(session)


def _anew(row: Contribution, task_url: str) -> str:
    if row.renews_id is not None:
        return (
            "What you had paid before stays where it is. You can renew it again from its own page, by the link in its "
            "reminder or signed in."
        )
    return f"You can pay anew, by card for instance: {task_url}/fund"


def _link(session: Session, row: Contribution) -> str:
    secret = make_link(session, LinkPurpose.CONTRIBUTION, row.email, row.id)
    return f"{settings.current().PUBLIC_URL}/c/{secret}"
