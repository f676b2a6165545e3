"""Settings of payouts: how quickly transfers are asked for, how long a new account waits, where money can go."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bountyhub.settings.legal import COUNTRY

#: Where a platform in the US, the UK, the EEA, Canada or Switzerland may send money by itself, says Stripe
#: (docs.stripe.com/connect/cross-border-payouts, "Availability"); of the EEA those in which it opens accounts.
SELF_SERVE = (
    "AT", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US",
)  # fmt: skip


class PayoutSettings(BaseSettings):
    """What an operator decides about money on its way to payees."""

    #: The processor takes 100 requests a second (25 in its test mode), and others ask too.
    TRANSFERS_PER_SECOND: int = Field(default=20, ge=1, le=100)
    #: Nothing is sent for so long to a payout account that is new, or whose bank account was changed.
    PAYOUT_HOLD_HOURS: int = Field(default=48, ge=0, le=72)
    #: Countries to which the processor sends money from this platform; a platform elsewhere writes its own.
    PAYABLE_COUNTRIES: Annotated[list[str], NoDecode] = list(SELF_SERVE)

    #: To whom payees may send on what they can't or won't take: name → its connected account.
    CHARITIES: dict[str, str] = {}

    @field_validator("CHARITIES")
    @classmethod
    def _charities(cls, value: dict[str, str]) -> dict[str, str]:
        for name, account in value.items():
            if not 1 <= len(name.strip()) <= 100 or not account.startswith("acct_"):
                raise ValueError('write names and connected accounts, such as {"Some Fund": "acct_…"}')
        if len(set(value.values())) < len(value):
            raise ValueError("two charities can't have one account")
        return value

    @field_validator("PAYABLE_COUNTRIES", mode="before")
    @classmethod
    def _split_countries(cls, value: object) -> object:
        return [part.strip().upper() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("PAYABLE_COUNTRIES")
    @classmethod
    def _countries(cls, value: list[str]) -> list[str]:
        for country in value:
            if not COUNTRY.fullmatch(country):
                raise ValueError(f"{country!r} is not a country's two letters; write e.g. DE,FR,US")
        if not value:
            raise ValueError("names none: write e.g. DE,FR,US")
        return value
