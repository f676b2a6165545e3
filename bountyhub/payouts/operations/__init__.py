"""Verbs of payouts; one file per verb group. None of them commits."""

from __future__ import annotations

from bountyhub.payouts.operations.payees import (
    ask_account,
    asked_long_ago,
    claim_what_is_kept,
    give_up_account,
    ready_payee,
    record_account,
    record_account_gone,
)
from bountyhub.payouts.operations.shares import Owed, keep_unsendable, lapse_kept, lock_share, owe_share, plan_shares
from bountyhub.payouts.operations.transfers import begin_transfer, record_transfer, refuse_transfer, transfer_order

__all__ = [
    "Owed",
    "ask_account",
    "asked_long_ago",
    "begin_transfer",
    "claim_what_is_kept",
    "give_up_account",
    "keep_unsendable",
    "lapse_kept",
    "lock_share",
    "owe_share",
    "plan_shares",
    "ready_payee",
    "record_account",
    "record_account_gone",
    "record_transfer",
    "refuse_transfer",
    "transfer_order",
]  # fmt: skip
