"""What payouts do after a commit; importing this registers every job of them."""

from __future__ import annotations

from bountyhub.payouts.jobs import banks, lost_accounts, payees, reversals, shares, stops, transfers

__all__ = ["banks", "lost_accounts", "payees", "reversals", "shares", "stops", "transfers"]
