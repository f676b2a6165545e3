"""The chart of accounts once more, from the text of docs/ledger.md: the model takes nothing from the application."""

from __future__ import annotations

#: Debits stand here; everything else stands on the credit side.
DEBIT = {
    "clearing", "bank", "bank/unclaimed", "dispute_funds",
    "cost/processor", "cost/refund", "cost/dispute", "cost/chargeback_loss",
}  # fmt: skip
#: What is owed to somebody, and can't be negative.
OWED = {
    "escrow", "fee_held", "vat_held", "holdback", "kept_for", "payable", "transfer_pending", "refund_pending",
    "unclaimed_refund", "frozen", "suspense",
}  # fmt: skip
NEVER_NEGATIVE = OWED | {"bank/unclaimed", "dispute_funds"}
_WHOLE_PATHS = {
    "clearing", "bank", "bank/unclaimed", "own/float", "income/fee", "income/withdrawal",
    "cost/processor", "cost/refund", "cost/dispute", "cost/chargeback_loss",
}  # fmt: skip
#: `kind/object`, of a contribution that the object belongs to.
OF_AN_OBJECT = {"refund_pending", "dispute_funds", "frozen", "suspense"}
#: A dispute freezes what is still here in this order.
FROZEN_FIRST = ("escrow", "payable", "kept_for", "holdback", "fee_held", "vat_held")
LARGEST = 2**63 - 1


def kind_of(path: str) -> str:
    """`payable/s1/c2` is a `payable`, `bank/unclaimed` is itself."""
    return path if path in _WHOLE_PATHS else path.partition("/")[0]


def last(path: str) -> str:
    """The object at the end of a path."""
    return path.rpartition("/")[2]


def one_currency(path: str) -> bool:
    """Whether it belongs to one object, and so can exist in one currency only."""
    return path not in _WHOLE_PATHS and kind_of(path) != "vat_due"


def on_its_side(path: str, signed: int) -> int:
    """A signed sum (+ debit, − credit) as a positive amount on the account's own side."""
    return signed if kind_of(path) in DEBIT else -signed


def owing_nothing(path: str) -> bool:
    """Whether its kind may stand on either side."""
    return kind_of(path) not in NEVER_NEGATIVE
