"""What each kind of entry may do to a contribution's money. `verify` holds every entry against it.

The money of a contribution is the sum of all accounts that carry its reference. What comes in, goes out or stays
is a property of the event, so a cent that wanders from one contribution to another is found.
"""

from __future__ import annotations

from typing import Literal

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
