"""Verbs of funding; one file per verb group. None of them commits."""

from __future__ import annotations

from bountyhub.funding.operations.closing import close_if_empty
from bountyhub.funding.operations.contribute import (
    Order,
    contribute,
    hand_over_contributions,
    join_contributions,
    order_of,
    quote,
)
from bountyhub.funding.operations.matching import Suspended, match_suspended, send_back_suspended, suspended
from bountyhub.funding.operations.other_way import (
    announce_set_apart,
    bank_details,
    failed_of,
    give_bank_details,
    way_of_refund,
)
from bountyhub.funding.operations.papers import note_built, note_redirected
from bountyhub.funding.operations.refunds import (
    ask_noticed,
    ask_refund,
    give_notice,
    record_refund,
    refund_called,
    refuse_refund,
    return_kept,
    return_suspended,
    take_back_notice,
)
from bountyhub.funding.operations.renewing import Renewal, quote_renewal, renew
from bountyhub.funding.operations.settle import record_checkout
from bountyhub.funding.operations.treasury import (
    Funds,
    own_funds,
    record_drawn,
    record_payout,
    record_top_up,
    watch_reserve,
)
from bountyhub.funding.operations.unclaimed import Stuck, ask_again, pay_otherwise, stuck_refunds

__all__ = [
    "Funds", "Order", "Renewal", "Stuck", "Suspended", "announce_set_apart", "ask_again", "ask_noticed", "ask_refund",
    "bank_details", "close_if_empty", "contribute", "failed_of", "give_bank_details", "give_notice",
    "hand_over_contributions", "join_contributions", "match_suspended", "note_built", "note_redirected", "order_of",
    "own_funds", "pay_otherwise", "quote", "quote_renewal", "record_checkout", "record_drawn", "record_payout",
    "record_refund", "record_top_up", "refund_called", "refuse_refund", "renew", "return_kept", "return_suspended",
    "send_back_suspended", "stuck_refunds", "suspended", "take_back_notice", "watch_reserve", "way_of_refund",
]  # fmt: skip
