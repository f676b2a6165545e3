"""Where one backer's money is, read from the ledger and its refunds: for the task, my page and the mailed link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState, Payment, PaymentState, Refund, RefundState
from bountyhub.funding.operations.origin import origin_of
from bountyhub.funding.rules_methods import kind_of
from bountyhub.ledger import queries as ledger


@dataclass(frozen=True)
class Where:
    """Where a contribution's money is: `state` draws the pill, `label` is its word; sums in minor units.

    `paid_from`: `card` or `bank account`, where it goes back to; `refused`: whether a bank said no days later.
    """

    state: str
    label: str
    held: int = 0
    refunds: tuple[Refund, ...] = ()
    paid_from: str = "card"
    refused: bool = False

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
#: The pill and the word for a payment about which its payer's bank decides.
AWAITED = "awaited", "Waiting for the bank"
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


#: By contribution: whose payment it came in by, how that stands, what paid it.
_Payments = dict[int, Row[int, PaymentState, str | None]]


@dataclass(frozen=True)
class _Facts:
    kinds: dict[str, dict[str, int]]
    refunds: dict[int, list[Refund]] = field(default_factory=dict)
    payments: _Payments = field(default_factory=dict)


def whereabouts(session: Session, contributions: Sequence[Contribution]) -> dict[int, Where]:
    """Where each contribution's money is, by id; three queries, and some for what was moved."""
    refunds: dict[int, list[Refund]] = defaultdict(list)
    query = select(Refund).where(Refund.contribution_id.in_([c.id for c in contributions])).order_by(Refund.id)
    for refund in session.scalars(query):
        refunds[refund.contribution_id].append(refund)
    balances = ledger.balances_by_contribution(session, [c.ref for c in contributions])
    facts = _Facts(balances, refunds, _payments(session, contributions))
    return {contribution.id: _with_payment(contribution, facts) for contribution in contributions}


def _payments(session: Session, contributions: Sequence[Contribution]) -> _Payments:
    """By which payment each came in, by its own id."""
    origins = {c.id: origin_of(session, c).id for c in contributions}
    query = select(Payment.contribution_id, Payment.state, Payment.method)
    rows = {row[0]: row for row in session.execute(query.where(Payment.contribution_id.in_(origins.values())))}
    return {id: rows[origin] for id, origin in origins.items() if origin in rows}


def _with_payment(contribution: Contribution, facts: _Facts) -> Where:
    where = _where(contribution, facts)
    if contribution.id not in facts.payments:
        return where
    _, state, method = facts.payments[contribution.id]
    if contribution.state is ContributionState.PENDING and state is PaymentState.AWAITED:
        where = replace(where, state=AWAITED[0], label=AWAITED[1])
    refused = contribution.state is ContributionState.FAILED and method is not None
    return replace(where, paid_from=kind_of(method), refused=refused)


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
    back = sum(refund.total + refund.kept for refund in refunds if _went_back(refund))
    if back >= contribution.total.amount:
        return Where("returned", "Returned", refunds=refunds)
    if contribution.state is ContributionState.HELD:  # asked of the processor, which hasn't confirmed it yet
        return Where("transferring", "On its way to the developer", refunds=refunds)
    label = "Partly paid, partly returned" if back else "Paid to the developer"
    return Where("paid", label, refunds=refunds)
