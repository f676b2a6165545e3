"""Settings of payouts: how quickly transfers are asked for."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class PayoutSettings(BaseSettings):
    """What an operator decides about money on its way to payees."""

    #: The processor takes 100 requests a second (25 in its test mode), and others ask too.
    TRANSFERS_PER_SECOND: int = Field(default=20, ge=1, le=100)
