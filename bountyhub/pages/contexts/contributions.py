"""Where one backer's money is, read from the ledger and its refunds: for the task, my page and the mailed link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState, Refund, RefundState
from bountyhub.ledger import queries as ledger


@dataclass(frozen=True)
class Where:
    """Where a contribution's money is: `state` draws the pill, `label` is its word; sums in minor units."""

    state: str
    label: str
    held: int = 0
    refunds: tuple[Refund, ...] = ()

    @property
    def gone_back(self) -> bool:
        """Whether all of it is back with its backer or on the way there."""
        return self.state in ("asked", "returned", "unclaimed")


UNPAID = {
    ContributionState.PENDING: "Waiting for payment",
    ContributionState.FAILED: "Payment failed",
    ContributionState.ABANDONED: "Not paid",
    ContributionState.SUSPENDED: "Set apart",
}
#: Kinds of account, the most telling first, with the pill and the word for money that lies there.
PLACES = (
    ("frozen", "frozen", "Frozen"),
    ("escrow", "held", "Held"),
    ("unclaimed_refund", "unclaimed", "Refund failed"),
    ("refund_pending", "asked", "On its way back"),
    ("kept_for", "kept", "Kept for the developer"),
    ("holdback", "held_back", "Held back"),
    ("payable", "payable", "Released"),
)


@dataclass(frozen=True)
class _Facts:
    kinds: dict[str, dict[str, int]]
    refunds: dict[int, list[Refund]] = field(default_factory=dict)


def whereabouts(session: Session, contributions: Sequence[Contribution]) -> dict[int, Where]:
    """Where each contribution's money is, by id; two queries."""
    refunds: dict[int, list[Refund]] = defaultdict(list)
    query = select(Refund).where(Refund.contribution_id.in_([c.id for c in contributions])).order_by(Refund.id)
    for refund in session.scalars(query):
        refunds[refund.contribution_id].append(refund)
    facts = _Facts(ledger.balances_by_contribution(session, [c.ref for c in contributions]), refunds)
    return {contribution.id: _where(contribution, facts) for contribution in contributions}


def _went_back(refund: Refund) -> bool:
    """To the card, or (settled on a day) by the operator; one asked again is counted as its successor."""
    settled = refund.state is RefundState.SETTLED and refund.done_at is not None
    return settled or refund.state in (RefundState.DEBITED, RefundState.DONE)


def _where(contribution: Contribution, facts: _Facts) -> Where:
    refunds = tuple(facts.refunds.get(contribution.id, ()))
    if contribution.state in UNPAID:
        return Where(contribution.state.value, UNPAID[contribution.state], refunds=refunds)
    kinds = facts.kinds[contribution.ref]
    for kind, state, label in PLACES:
        if kinds.get(kind):
            return Where(state, label, kinds.get("escrow", 0), refunds)
    back = sum(refund.total for refund in refunds if _went_back(refund))
    if back >= contribution.total.amount:
        return Where("returned", "Returned", refunds=refunds)
    if contribution.state is ContributionState.HELD:  # asked of the processor, which hasn't confirmed it yet
        return Where("transferring", "On its way to the developer", refunds=refunds)
    label = "Partly paid, partly returned" if back else "Paid to the developer"
    return Where("paid", label, refunds=refunds)
