"""Settings of payouts: how quickly transfers are asked for, and how long a new account waits."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class PayoutSettings(BaseSettings):
    """What an operator decides about money on its way to payees."""

    #: The processor takes 100 requests a second (25 in its test mode), and others ask too.
    TRANSFERS_PER_SECOND: int = Field(default=20, ge=1, le=100)
    #: Nothing is sent for so long to a payout account that is new, or whose bank account was changed.
    PAYOUT_HOLD_HOURS: int = Field(default=48, ge=0, le=72)
