"""Mails about refunds that failed: asking for another way, and saying that it was sent."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.funding.models import Contribution, Refund, RefundState
from bountyhub.funding.operations.origin import paid_from
from bountyhub.kit.database import transaction
from bountyhub.kit.money import plain
from bountyhub.notifications.about import about
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link


@job("notify.refund_unclaimed", queue="mail")
def refund_unclaimed(run: Run, refund: int, number: int) -> None:
    """The card could not take it (0), or a reminder of that."""
    with transaction() as session:
        row = session.get_one(Refund, refund)
        contribution = session.get_one(Contribution, row.contribution_id)
        if row.state is RefundState.FAILED and contribution.email:
            secret = make_link(session, LinkPurpose.CONTRIBUTION, contribution.email, contribution.id)
            name, kind = about(session, contribution.task_id).name, paid_from(session, contribution)
            write(
                session, key=f"refund-failed:{row.ref}" + (f":{number}" if number else ""), to=contribution.email,
                subject=("Still waiting: we" if number else "We")
                + f" could not return {plain(row.money)} to your {kind}",
                paragraphs=[
                    f"Your bank refused {plain(row.money)} that were to go back to you for {name}: the {kind} may be "
                    "closed. The money is still yours and is kept for you. Tell us by this link to which bank account "
                    f"it is to go (keep it to yourself):\n{settings.current().PUBLIC_URL}/c/{secret}/other-way",
                    f"Reference: {row.ref}",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.refund_sent", queue="mail")
def refund_sent(run: Run, refund: int) -> None:
    """The operator sent it from the bank."""
    with transaction() as session:
        row = session.get_one(Refund, refund)
        contribution = session.get_one(Contribution, row.contribution_id)
        name, kind = about(session, contribution.task_id).name, paid_from(session, contribution)
        write(
            session, key=f"refund-sent:{row.ref}", to=contribution.email,
            subject=f"{plain(row.money)} were sent to your bank account",
            paragraphs=[
                f"{plain(row.money)} for {name} that your {kind} would not take "
                "back were sent to you from the bank. What we knew of your account is forgotten here.",
                f"Reference: {row.ref}",
            ],
        )  # fmt: skip
        run.done(session)
