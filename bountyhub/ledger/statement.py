"""The books in plain words: what happened to contributions, line by line. Called by task pages and the API."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.queries import natural


@dataclass(frozen=True)
class LedgerLine:
    """One movement of one contribution's money; positive when the account named by `account` grew."""

    at: datetime
    kind: str
    text: str
    amount: int
    currency: str
    account: str
    contribution: str
    entry: int


#: What an event means to somebody who never saw a ledger.
EVENTS = {
    "captured": "Paid in",
    "captured_late": "Paid in after the task closed",
    "captured_wrong": "Paid in, but not as agreed",
    "suspense_matched": "Matched to this contribution",
    "suspense_returned": "Could not be matched",
    "released": "Released",
    "holdback_released": "Held-back part released",
    "kept_claimed": "Claimed by its payee",
    "became_unsendable": "Payee can't be paid at present",
    "transfer_asked": "Transfer begun",
    "transfer_refused": "Transfer refused by the processor",
    "transfer_reversed": "Transfer came back",
    "refund_asked": "Refund begun",
    "refund_debited": "Refunded",
    "refund_failed": "Refund failed",
    "refund_came_back": "Refund came back",
    "unclaimed_asked": "Refund begun again",
    "unclaimed_paid": "Refunded another way",
    "moved": "Moved between tasks",
    "dispute_warned": "Warned of fraud by the card's bank",
    "dispute_warning_over": "Warning over",
    "dispute_warning_refunded": "Returned after a warning",
    "dispute_withdrawn": "Charged back by the card's bank",
    "dispute_lost": "Charge-back lost",
    "dispute_won": "Charge-back won",
    "release_undone": "Release undone",
    "cost": "Charged by the processor",
    "transfer_confirmed": "Transferred to a developer",
    "unclaimed_set_apart": "Set apart for a refund that failed",
    "topped_up": "Put in by the operator",
    "paid_out": "Paid out to the operator’s bank",
    "payout_returned": "Came back from the operator’s bank",
    "drawn": "Taken out by the operator",
    "vat_paid": "Tax paid",
}

#: Where money lies, said of it.
PLACES = {
    "escrow": "held for the task",
    "fee_held": "fee, not yet earned",
    "vat_held": "tax on the fee, not yet due",
    "holdback": "held back",
    "kept_for": "kept for a payee",
    "payable": "payable to a developer",
    "refund_pending": "on its way back",
    "unclaimed_refund": "owed to the backer",
    "dispute_funds": "taken by the card's bank",
    "frozen": "frozen",
    "suspense": "waiting to be matched",
    "clearing": "at the payment provider",
    "bank": "at the operator’s bank",
    "bank/unclaimed": "set apart for failed refunds",
    "own/float": "put in by the operator",
    "vat_due": "tax due",
    "transfer_pending": "on its way to a developer",
    "income/fee": "fees earned",
    "income/withdrawal": "kept at late withdrawals",
    "cost/processor": "the payment provider’s cost",
    "cost/refund": "goodwill",
    "cost/dispute": "cost of charge-backs",
    "cost/chargeback_loss": "lost by charge-backs",
}


def lines_for(session: Session, contributions: Collection[str]) -> list[LedgerLine]:
    """Every line of these contributions in booking order, each in words such as `Released: payable to a developer`."""
    query = (
        select(Entry, Line.amount, Account)
        .join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id)
        .where(Account.contribution.in_(list(contributions)))
        .order_by(Entry.id, Account.id)
    )
    return [_line(entry, signed, account) for entry, signed, account in session.execute(query)]


def _line(entry: Entry, signed: int, account: Account) -> LedgerLine:
    return LedgerLine(
        at=entry.effective_at,
        kind=entry.kind,
        text=f"{EVENTS.get(entry.kind, entry.kind)}: {PLACES.get(account.kind, account.kind)}",
        amount=natural(account.kind, signed),
        currency=entry.currency,
        account=account.kind,
        contribution=str(account.contribution),
        entry=entry.id,
    )
