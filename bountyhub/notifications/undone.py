"""Mails about a release that two operators undid: its payees, its backers and the deciders hear why."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.notifications.about import About, about, developer, givers, maintainers
from bountyhub.notifications.mails import write
from bountyhub.payouts.models import Share
from bountyhub.people.models import Identity
from bountyhub.work.models import Claim, Undo, UndoState

PAYEE = (
    "What was not transferred yet isn’t sent. What was is taken back from your payout account, as far as it is still "
    "there. You need to do nothing; if you think this is wrong, write to the operator of this site."
)
BACKER = (
    "What of it is still here is held for the task again, or goes back to you where the task is over; what was paid "
    "already is taken back as far as it can be. Until it leaves you can take it back on your contribution’s page."
)


@job("notify.release_undone", queue="mail")
def release_undone(run: Run, claim: int) -> None:
    """Both sides are told, with the public reason."""
    with transaction() as session:
        row = session.get_one(Claim, claim)
        facts, why = about(session, row.task_id), _why(session, row)
        said = f"Two operators of this site undid the release of #{row.pull_number} for {facts.name}. {why}"
        shares = session.scalars(select(Share).where(Share.claim_id == row.id).order_by(Share.id)).all()
        for address in sorted({address for share in shares for address in givers(session, share)}):
            _tell(session, row, "backer", address, [said, BACKER], facts)
        for identity in session.scalars(select(Identity).where(Identity.id.in_({s.identity_id for s in shares}))):
            _tell(session, row, "payee", developer(session, identity.id), [said, PAYEE], facts)
        for address in maintainers(session, facts.task):
            _tell(session, row, "decider", address, [said], facts)
        run.done(session)


def _why(session: Session, claim: Claim) -> str:
    query = select(Undo.reason).where(Undo.claim_id == claim.id, Undo.state == UndoState.CONFIRMED)
    reason = session.scalars(query).first()
    return f"Their reason: “{reason}”" if reason else ""


def _tell(session: Session, claim: Claim, side: str, to: str | None, said: list[str], facts: About) -> None:
    write(
        session, key=f"undone:{claim.ref}:{side}", to=to, subject=f"Release undone: {facts.name}",
        paragraphs=[*said, facts.next_line, f"The task: {facts.url}"],
    )  # fmt: skip
