"""The clocks of in-between accounts and of unclaimed refunds: money that should have moved on by now.

See docs/decisions/0023-clocks-of-in-between-accounts.md for the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.queries import natural

#: From when an account left zero. A frozen sum whose dispute took money waits as long as the dispute does.
LIMITS = {
    "transfer_pending": timedelta(days=3),
    "refund_pending": timedelta(days=3),
    "suspense": timedelta(days=8),
    "frozen": timedelta(days=31),
    "dispute_funds": timedelta(days=100),
    "unclaimed_refund": timedelta(days=30),
}


@dataclass(frozen=True)
class Pending:
    """An account with a clock that isn't at zero: its object (of an unclaimed refund the contribution), since when."""

    kind: str
    owner: str
    contribution: str | None
    currency: str
    amount: int
    since: datetime


def pending_too_long(session: Session, now: datetime) -> list[Pending]:
    """Accounts with a clock that have not been at zero for longer than their kind may, oldest account first."""
    waiting = pending(session)
    disputed = {(one.owner, one.currency) for one in waiting if one.kind == "dispute_funds"}
    return [
        one
        for one in waiting
        if now - one.since > LIMITS[one.kind] and not (one.kind == "frozen" and (one.owner, one.currency) in disputed)
    ]


def pending(session: Session) -> list[Pending]:
    """Accounts with a clock that are not at zero. Their time began when they last left it."""
    earlier = aliased(Line)
    last_zero = select(func.coalesce(func.max(earlier.version), 0)).where(
        earlier.account_id == Account.id, earlier.balance_after == 0
    )
    left_zero = (Line.account_id == Account.id) & (Line.version == last_zero.correlate(Account).scalar_subquery() + 1)
    query = (
        select(Account, Entry.recorded_at)
        .select_from(Account)
        .join(Line, left_zero)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Account.kind.in_(list(LIMITS)), Account.balance != 0)
        .order_by(Account.id)
    )
    return [
        Pending(
            account.kind, str(account.owner or account.contribution), account.contribution, account.currency,
            natural(account.kind, account.balance), since,
        )
        for account, since in session.execute(query)
    ]  # fmt: skip
