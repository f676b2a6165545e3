"""Pure rules of means of payment: until when a payment can be called back, and what it was paid from in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from bountyhub.settings.methods import CARD, METHODS


def callable_until(method: str, captured_at: datetime, debited_at: datetime | None = None) -> datetime | None:
    """Until when the payer's bank may call a payment back without a reason; None where it may not.

    The days run from the debit of the account, where that comes after the capture.
    """
    days = METHODS[method].callable_days if method in METHODS else 0
    return max(captured_at, debited_at or captured_at) + timedelta(days=days) if days else None


def kind_of(method: str | None) -> str:
    """What a payment came from and goes back to: `card` or `bank account`; a card where nobody said."""
    return METHODS[method].kind if method in METHODS else METHODS[CARD].kind
