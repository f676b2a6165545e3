"""What payouts do after a commit; importing this registers every job of them."""

from __future__ import annotations

from bountyhub.payouts.jobs import lost_accounts, payees, reversals, shares, stops, transfers

__all__ = ["lost_accounts", "payees", "reversals", "shares", "stops", "transfers"]
