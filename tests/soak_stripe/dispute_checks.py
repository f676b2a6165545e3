"""What must hold in the end of disputes and fraud warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from bountyhub.funding.models import Contribution, Dispute, DisputeKind
from bountyhub.funding.operations.origin import payment_of
from bountyhub.kit.database import reading
from bountyhub.ledger.models import Account
from tests.soak_stripe.ended import LOST, Ended, cleared, unlike
from tests.soak_stripe.processes import Body

#: The processor's last word → how it ends here.
ENDINGS = {"won": "won", "lost": "lost", "warning_closed": "closed"}


def disputes(ended: Ended) -> Iterable[str]:
    """Each of the processor's is one of ours, about the same charge, with the same ending."""
    theirs = {each["id"]: each for each in ended.documents("stripe.dispute")}
    ours = _rows(DisputeKind.DISPUTE)
    for id in sorted({*theirs, *ours}):
        if id not in ours:
            yield f"{LOST} dispute {id} is not known here"
        elif id not in theirs:
            yield f"dispute {id} is not at the processor"
        else:
            yield from (f"dispute {id}: {what}" for what in _unlike_theirs(ours[id], theirs[id]))


def _rows(kind: DisputeKind) -> dict[str, Dispute]:
    with reading() as session:
        return {row.processor_id: row for row in session.scalars(select(Dispute).where(Dispute.kind == kind))}


def _unlike_theirs(ours: Dispute, theirs: Body) -> Iterable[str]:
    if ENDINGS.get(theirs["status"]) != ours.ending:
        yield f"{theirs['status']} there, {ours.ending or 'not over'} here"
    if theirs["amount"] != ours.amount:
        yield f"of {theirs['amount']} there, of {ours.amount} here"
    if theirs["evidence_details"]["submission_count"] and ours.submitted_at is None:
        yield "answered there alone"
    if (
        ours.submitted_at is not None and not theirs["evidence"]["uncategorized_text"]
    ):  # an inquiry's answer stays there
        yield "answered here alone"
    with reading() as session:
        charge = payment_of(session, session.get_one(Contribution, ours.contribution_id)).charge
    if charge != theirs["charge"]:
        yield f"of {theirs['charge']} there, of {charge} here"


def fraud_warnings(ended: Ended) -> Iterable[str]:
    """Each arrived, and is over."""
    ours = _rows(DisputeKind.FRAUD_WARNING)
    theirs = [each["id"] for each in ended.documents("stripe.early_fraud_warning")]
    yield from (f"{LOST} fraud warning {id} is not known here" for id in theirs if id not in ours)
    yield from (f"fraud warning {id} is not at the processor" for id in ours if id not in theirs)
    yield from (f"fraud warning {id} is not over" for id, row in ours.items() if row.ended_at is None)


def frozen(ended: Ended) -> Iterable[str]:
    """Nothing is frozen, or missing, for what is over."""
    with reading() as session:
        over = {row.ref: row for row in session.scalars(select(Dispute).where(Dispute.ended_at.is_not(None)))}
        places = (Account.kind.in_(["frozen", "dispute_funds"])) & (Account.balance != 0)
        left = {(row.owner, row.path): row.balance for row in session.scalars(select(Account).where(places))}
    yield from (f"{path} holds {left[owner, path]}, and it is over" for owner, path in sorted(left) if owner in over)
    yield from (f"dispute {ref} is over, and its money counts as frozen" for ref, row in over.items() if row.warned)


def dispute_money(ended: Ended) -> Iterable[str]:
    """What banks took and brought back, movement by movement, and under which dispute."""
    theirs = Counter(
        (each["source"], each["id"], each["net"]) for each in ended.documents("stripe.balance_transaction")
        if str(each["source"]).startswith("dp_")
    )  # fmt: skip
    with reading() as session:
        moved = cleared(session)
    ours: Counter[Any] = Counter()
    for id, row in _rows(DisputeKind.DISPUTE).items():
        ours.update((id, entry, moved.get(entry, 0)) for entry in (row.withdrawn, row.reinstated) if entry)
    yield from unlike("money of a dispute", ours, theirs)


CHECKS = (disputes, fraud_warnings, frozen, dispute_money)
