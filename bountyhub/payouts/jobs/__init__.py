"""What payouts do after a commit; importing this registers every job of them."""

from __future__ import annotations

from bountyhub.payouts.jobs import payees, shares, stops, transfers

__all__ = ["payees", "shares", "stops", "transfers"]
