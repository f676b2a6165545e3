"""Mails about disputes: a payee hears that money of theirs is frozen, and why; operators have their alarms."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run, job
from bountyhub.funding.models import Contribution, Dispute
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money, plain
from bountyhub.ledger import dispute as booking
from bountyhub.notifications.about import about, developer
from bountyhub.notifications.mails import write
from bountyhub.payouts.models import Share


@job("notify.money_frozen", queue="mail")
def money_frozen(run: Run, dispute: int) -> None:
    """Whose shares it touches hear by how much; money still held for the task is nobody's yet."""
    with transaction() as session:
        row = session.get_one(Dispute, dispute)
        for share, amount in _frozen_shares(session, row):
            _tell(session, row, share, amount)
        run.done(session)


def _frozen_shares(session: Session, row: Dispute) -> list[tuple[Share, int]]:
    frozen = booking.frozen_from(session, row.ref)
    amounts = {place.owner: amount for place, amount in frozen.items() if place.kind in ("payable", "kept_for")}
    shares = session.scalars(select(Share).where(Share.ref.in_(amounts)).order_by(Share.id))
    return [(share, amounts[share.ref]) for share in shares]


def _tell(session: Session, row: Dispute, share: Share, amount: int) -> None:
    facts = about(session, session.get_one(Contribution, row.contribution_id).task_id)
    sum_ = plain(Money(amount, share.currency))
    why = (
        "The bank of a backer's card took the payment back, or says that it will. It decides within about 75 days."
        if row.withdrawn else "The bank of a backer's card warned that the payment may be fraud, or asks about it."
    )  # fmt: skip
    write(
        session, key=f"frozen:{row.ref}:{share.ref}", to=developer(session, share.identity_id),
        subject=f"{sum_} for {facts.name} are frozen",
        paragraphs=[
            f"{sum_} of your share for {facts.name} are frozen: nothing of them is sent to you for now. {why}",
            "If it is decided for this site, they go on to you by themselves. If not, this part is lost; what you were "
            "paid already stays yours. You need to do nothing.",
            f"The task: {facts.url}",
        ],
    )  # fmt: skip
