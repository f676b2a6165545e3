"""A contribution is closed when the ledger holds nothing of it any more, and held again when something came back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.rules import FundingEvent, next_state
from bountyhub.ledger import queries as ledger


def close_if_empty(session: Session, contribution: Contribution) -> None:
    """Close a contribution when the ledger holds nothing of it any more."""
    session.flush()
    after = next_state(contribution.state, FundingEvent.EMPTIED)
    if after is not None and not ledger.still_held(session, contribution.ref):
        contribution.state, contribution.notice_until = ContributionState(after), None
        audit.record(session, "stripe", "contribution_closed", "contribution", contribution.id)


def reopen_if_held(session: Session, contribution: Contribution) -> None:
    """A closed contribution of which something came back (its refund failed after the debit) is held again."""
    session.flush()
    after = next_state(contribution.state, FundingEvent.CAME_BACK)
    if after is not None and ledger.still_held(session, contribution.ref):
        contribution.state = ContributionState(after)
        audit.record(session, "stripe", "contribution_came_back", "contribution", contribution.id)
