"""What each kind of entry may do to a contribution's money. `verify` holds every entry against it.

The money of a contribution is the sum of all accounts that carry its reference. What comes in, goes out or stays
is a property of the event, so a cent that wanders from one contribution to another is found.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

#: `in`: grows; `out`: shrinks; `whole`: stays the same; `earning`: only its fee and tax shrink or grow;
#: `free`: a sum may join or leave (goodwill, kept sum, move); `none`: not touched at all.
Flow = Literal["in", "out", "whole", "earning", "free", "none"]

FLOWS: dict[str, Flow] = {
    "captured": "in",
    "captured_late": "in",
    "captured_wrong": "in",
    "cost": "none",
    "topped_up": "none",
    "paid_out": "none",
    "payout_returned": "none",
    "drawn": "none",
    "vat_paid": "none",
    "suspense_matched": "whole",
    "suspense_returned": "whole",
    "released": "earning",
    "holdback_released": "earning",
    "kept_claimed": "earning",
    "became_unsendable": "earning",
    "transfer_asked": "out",
    "transfer_confirmed": "none",
    "transfer_refused": "in",
    "transfer_reversed": "in",
    "refund_asked": "free",
    "refund_debited": "out",
    "refund_failed": "whole",
    "refund_came_back": "in",
    "unclaimed_asked": "whole",
    "unclaimed_paid": "out",
    "unclaimed_set_apart": "none",
    "moved": "free",
    "release_undone": "earning",
    "dispute_warned": "whole",
    "dispute_warning_over": "whole",
    "dispute_warning_refunded": "whole",
    "dispute_withdrawn": "whole",
    "dispute_lost": "out",
    "dispute_won": "whole",
}


class Touches(NamedTuple):
    """The kinds of accounts that an event may debit, and those that it may credit."""

    debit: frozenset[str]
    credit: frozenset[str]


def _touches(debit: str, credit: str) -> Touches:
    return Touches(frozenset(debit.split()), frozenset(credit.split()))


_HERE = "escrow payable kept_for holdback fee_held vat_held"
_HELD, _EARNED = "fee_held vat_held", "income/fee vat_due"

#: The event table of docs/ledger.md. Where a release is taken back, a unit of the fee may go either way by rounding.
TOUCHES = {
    "captured": _touches("clearing", f"escrow {_HELD}"),
    "captured_late": _touches("clearing", "refund_pending"),
    "captured_wrong": _touches("clearing", "suspense"),
    "cost": _touches("cost/processor clearing", "clearing cost/processor"),
    "topped_up": _touches("clearing", "own/float"),
    "paid_out": _touches("bank", "clearing"),
    "payout_returned": _touches("clearing", "bank bank/unclaimed"),
    "drawn": _touches("own/float", "bank"),
    "vat_paid": _touches("vat_due", "bank"),
    "suspense_matched": _touches("suspense", f"escrow {_HELD}"),
    "suspense_returned": _touches("suspense", "refund_pending"),
    "released": _touches(f"escrow {_HELD}", f"payable holdback kept_for {_EARNED}"),
    "holdback_released": _touches(f"holdback {_HELD}", f"payable kept_for {_EARNED}"),
    "kept_claimed": _touches(f"kept_for {_HELD}", f"payable {_EARNED}"),
    "became_unsendable": _touches(f"payable {_EARNED} {_HELD}", f"kept_for {_HELD} {_EARNED}"),
    "release_undone": _touches(f"payable holdback kept_for {_EARNED} {_HELD}", f"escrow {_HELD} {_EARNED}"),
    "transfer_asked": _touches("payable", "transfer_pending"),
    "transfer_confirmed": _touches("transfer_pending", "clearing"),
    "transfer_refused": _touches("transfer_pending", "payable"),
    "transfer_reversed": _touches("clearing", "payable"),
    "refund_asked": _touches(
        f"escrow kept_for holdback {_HELD} cost/refund", "refund_pending income/withdrawal vat_due"
    ),
    "refund_debited": _touches("refund_pending", "clearing"),
    "refund_failed": _touches("refund_pending", "unclaimed_refund"),
    "refund_came_back": _touches("clearing", "unclaimed_refund"),
    "unclaimed_asked": _touches("unclaimed_refund", "refund_pending"),
    "unclaimed_paid": _touches("unclaimed_refund", "bank bank/unclaimed"),
    "unclaimed_set_apart": _touches("bank/unclaimed", "clearing"),
    "moved": _touches(f"escrow {_HELD}", f"escrow {_HELD}"),
    "dispute_warned": _touches(_HERE, "frozen"),
    "dispute_warning_over": _touches("frozen", _HERE),
    "dispute_warning_refunded": _touches("frozen", "refund_pending"),
    "dispute_withdrawn": _touches(f"dispute_funds cost/dispute {_HERE}", "clearing frozen"),
    "dispute_lost": _touches("frozen refund_pending cost/chargeback_loss", "dispute_funds"),
    "dispute_won": _touches("clearing frozen", f"dispute_funds refund_pending {_HERE}"),
}
