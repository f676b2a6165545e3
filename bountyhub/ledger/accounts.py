"""The chart of accounts: one builder and one rule per kind of account; used by every posting and query.

A `Place` is an account without its currency. Whose money it is and what it is tied to is read off the
builder, so that no caller fills in a kind or a sign by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bountyhub.ledger.errors import BadReference

Side = Literal["debit", "credit"]

_REFERENCE = re.compile(r"[A-Za-z0-9_.:@-]{1,80}", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """On which side an account normally stands, and whether it may ever stand on the other."""

    side: Side
    never_negative: bool


OWED = Rule("credit", never_negative=True)
SET_APART = Rule("debit", never_negative=True)
ASSET = Rule("debit", never_negative=False)
RESULT = Rule("credit", never_negative=False)

#: Every kind of account there is. What we owe, and what is set apart, can never be negative.
RULES: dict[str, Rule] = {
    "clearing": ASSET,
    "bank": ASSET,
    "bank/unclaimed": SET_APART,
    "own/float": RESULT,
    "escrow": OWED,
    "fee_held": OWED,
    "vat_held": OWED,
    "vat_due": RESULT,
    "holdback": OWED,
    "kept_for": OWED,
    "payable": OWED,
    "transfer_pending": OWED,
    "refund_pending": OWED,
    "unclaimed_refund": OWED,
    "dispute_funds": SET_APART,
    "frozen": OWED,
    "suspense": OWED,
    "income/fee": RESULT,
    "income/withdrawal": RESULT,
    "cost/processor": ASSET,
    "cost/refund": ASSET,
    "cost/dispute": ASSET,
    "cost/chargeback_loss": ASSET,
}

#: What we owe somebody: the liabilities of the own-funds formula (tax on earned fees is owed to a state).
OWED_KINDS = (*(kind for kind, rule in RULES.items() if rule is OWED), "vat_due")
#: Where a contribution's principal lies before it is decided who gets it.
UNDECIDED_KINDS = ("escrow", "holdback", "kept_for")


@dataclass(frozen=True, order=True)
class Place:
    """An account of any currency: its path, its kind and what it belongs to."""

    path: str
    kind: str
    contribution: str | None = None
    owner: str | None = None

    @property
    def rule(self) -> Rule:
        """The sign rule of this kind of account."""
        return RULES[self.kind]


def clearing() -> Place:
    """The processor's balance; touched only with the id of its balance transaction."""
    return Place("clearing", "clearing")


def bank() -> Place:
    """The operator's bank account."""
    return Place("bank", "bank")


def bank_unclaimed() -> Place:
    """Money set apart at the bank for refunds nobody could be given."""
    return Place("bank/unclaimed", "bank/unclaimed")


def own_float() -> Place:
    """What the operator put in."""
    return Place("own/float", "own/float")


def escrow(contribution: str) -> Place:
    """Held for a task."""
    return _of_contribution("escrow", contribution)


def fee_held(contribution: str) -> Place:
    """The fee on a contribution, not yet earned."""
    return _of_contribution("fee_held", contribution)


def vat_held(contribution: str) -> Place:
    """Tax on the fee that is not yet earned."""
    return _of_contribution("vat_held", contribution)


def unclaimed_refund(contribution: str) -> Place:
    """A refund that failed for good; still owed."""
    return _of_contribution("unclaimed_refund", contribution)


def holdback(share: str, contribution: str) -> Place:
    """A part held back: warranty, or the maintainers' cut in its 7 days."""
    return _of_share("holdback", share, contribution)


def kept_for(share: str, contribution: str) -> Place:
    """Kept for a payee who can't be paid yet."""
    return _of_share("kept_for", share, contribution)


def payable(share: str, contribution: str) -> Place:
    """Released to a payee."""
    return _of_share("payable", share, contribution)


def vat_due(country: str) -> Place:
    """Tax on earned fees, owed to a state."""
    return Place(f"vat_due/{_checked(country)}", "vat_due", owner=country)


def transfer_pending(transfer: str) -> Place:
    """Asked of the processor for a payee."""
    return Place(f"transfer_pending/{_checked(transfer)}", "transfer_pending", owner=transfer)


def refund_pending(refund: str, contribution: str | None) -> Place:
    """On its way back to a backer; no contribution for a payment that never became one."""
    return _bound("refund_pending", refund, contribution)


def dispute_funds(dispute: str, contribution: str | None) -> Place:
    """Taken from us by a charge-back until it is decided."""
    return _bound("dispute_funds", dispute, contribution)


def frozen(dispute: str, contribution: str | None) -> Place:
    """The held money that a charge-back or a fraud warning is about."""
    return _bound("frozen", dispute, contribution)


def suspense(payment: str, contribution: str | None) -> Place:
    """A payment that fits nothing we asked for; the contribution it was meant for, if that is known."""
    return _bound("suspense", payment, contribution)


def income_fee() -> Place:
    """Fees earned."""
    return Place("income/fee", "income/fee")


def income_withdrawal() -> Place:
    """Sums kept at late withdrawals, as named before paying."""
    return Place("income/withdrawal", "income/withdrawal")


def cost_processor() -> Place:
    """What the processor charged, as it says itself."""
    return Place("cost/processor", "cost/processor")


def cost_refund() -> Place:
    """Given back beyond what was held: goodwill."""
    return Place("cost/refund", "cost/refund")


def cost_dispute() -> Place:
    """What the processor charges for a charge-back."""
    return Place("cost/dispute", "cost/dispute")


def cost_chargeback_loss() -> Place:
    """Charged back after it had left."""
    return Place("cost/chargeback_loss", "cost/chargeback_loss")


def _of_contribution(kind: str, contribution: str) -> Place:
    return Place(f"{kind}/{_checked(contribution)}", kind, contribution=contribution)


def _of_share(kind: str, share: str, contribution: str) -> Place:
    path = f"{kind}/{_checked(share)}/{_checked(contribution)}"
    return Place(path, kind, contribution=contribution, owner=share)


def _bound(kind: str, owner: str, contribution: str | None) -> Place:
    if contribution is not None:
        _checked(contribution)
    return Place(f"{kind}/{_checked(owner)}", kind, contribution=contribution, owner=owner)


def _checked(reference: str) -> str:
    if not _REFERENCE.fullmatch(reference):
        raise BadReference(f"{reference!r} can't be part of an account's path", reference=reference)
    return reference
