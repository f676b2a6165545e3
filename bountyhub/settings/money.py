"""Settings of money: currencies, limits, the fee, how long it is held."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bountyhub.settings.methods import CARD, takes

#: What the processor takes at least, where it says so, and at most (eight digits), minor units.
LEAST_CHARGE = {"EUR": 50, "USD": 50, "GBP": 30, "CHF": 50, "CAD": 50, "SEK": 300, "JPY": 50}
LARGEST_CHARGE = 99_999_999
#: Currencies whose amounts end in 0.
MOVE_IN_TENS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


class MoneySettings(BaseSettings):
    """Durations end in their unit; amounts are minor units by currency."""

    CURRENCIES: Annotated[list[str], NoDecode] = ["EUR"]
    #: By what a contribution can be paid, each in the currencies it takes.
    PAYMENT_METHODS: Annotated[list[str], NoDecode] = [CARD]
    HOLD_DAYS: int = Field(default=85, ge=30, le=700)
    FRESH_DAYS: int = Field(default=7, ge=0, le=30)
    #: So long instead, where a release is above FRESH_LIMIT or the repository younger than YOUNG_REPOSITORY_DAYS.
    FRESH_DAYS_LONG: int = Field(default=14, ge=0, le=60)
    FRESH_LIMIT: dict[str, int] = {"EUR": 100_000, "USD": 100_000, "GBP": 100_000, "CHF": 100_000, "CAD": 150_000,
                                   "SEK": 1_000_000, "JPY": 15_000_000}  # fmt: skip
    YOUNG_REPOSITORY_DAYS: int = Field(default=30, ge=0, le=3650)
    #: The site halts outgoing money by itself: so many declined payments within an hour on one task or on the site,
    #: so many warnings of fraud within a day.
    DECLINES_OF_TASK: int = Field(default=15, ge=2)
    DECLINES_OF_SITE: int = Field(default=50, ge=2)
    FRAUD_WARNINGS: int = Field(default=3, ge=1)
    #: So many payments (or cards to save) one mail address, network or task may begin within an hour, and so many cards
    #: may be declined there before no more are begun.
    CHECKOUTS_PER_HOUR_MAIL: int = Field(default=10, ge=1)
    CHECKOUTS_PER_HOUR_ADDRESS: int = Field(default=20, ge=1)
    CHECKOUTS_PER_HOUR_TASK: int = Field(default=60, ge=1)
    DECLINES_PER_HOUR_MAIL: int = Field(default=5, ge=1)
    DECLINES_PER_HOUR_ADDRESS: int = Field(default=10, ge=1)
    DECLINES_PER_HOUR_CARD: int = Field(default=5, ge=1)
    PROMISE_DAYS: int = Field(default=180, ge=1, le=365)
    COOLING_OFF_DAYS: int = Field(default=14, ge=0, le=60)
    #: A withdrawal asked for after those days keeps what processing the payment may have cost, named before paying.
    KEEP_COST_AFTER_COOLING_OFF: bool = False
    FEE_PERCENT: Decimal = Field(default=Decimal(5), ge=0, le=30)
    FEE_FIXED: dict[str, int] = {
        "EUR": 25, "USD": 30, "GBP": 25, "CHF": 30, "CAD": 30, "SEK": 250, "JPY": 40,
        "BHD": 100, "JOD": 200, "KWD": 80, "OMR": 100, "TND": 800,
    }  # fmt: skip
    MIN_AMOUNT: dict[str, int] = {
        "EUR": 500, "USD": 500, "GBP": 500, "CHF": 500, "CAD": 500, "SEK": 5000, "JPY": 500,
        "BHD": 2000, "JOD": 4000, "KWD": 1500, "OMR": 2000, "TND": 15_000,
    }  # fmt: skip
    MAX_AMOUNT: dict[str, int] = {
        "EUR": 1_000_000, "USD": 1_000_000, "GBP": 1_000_000, "CHF": 1_000_000, "CAD": 1_500_000, "SEK": 10_000_000,
        "JPY": 1_500_000, "BHD": 4_000_000, "JOD": 7_000_000, "KWD": 3_000_000, "OMR": 4_000_000, "TND": 30_000_000,
    }  # fmt: skip
    COST_PERCENT: Decimal = Field(default=Decimal("3.25"), ge=0, le=20)
    COST_FIXED: dict[str, int] = {
        "EUR": 25, "USD": 30, "GBP": 20, "CHF": 30, "CAD": 30, "SEK": 180, "JPY": 0,
        "BHD": 100, "JOD": 200, "KWD": 80, "OMR": 100, "TND": 800,
    }  # fmt: skip
    OWN_FUNDS_RESERVE: dict[str, int] = {}
    CHECKOUT_MINUTES: int = Field(default=60, ge=35, le=1435)

    @field_validator("CURRENCIES", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip().upper() for part in value.split(",")] if isinstance(value, str) else value

    @field_validator("PAYMENT_METHODS", mode="before")
    @classmethod
    def _methods(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return list(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))

    @field_validator("FEE_FIXED", "MIN_AMOUNT", "MAX_AMOUNT", "COST_FIXED", "OWN_FUNDS_RESERVE", "FRESH_LIMIT")
    @classmethod
    def _amounts(cls, value: dict[str, int]) -> dict[str, int]:
        for currency, amount in value.items():
            if amount < 0:
                raise ValueError("no amount may be negative")
            if currency in MOVE_IN_TENS and amount % 10:
                raise ValueError(f"amounts in {currency} end in 0: {amount} doesn't")
        return value

    def cost_fixed(self, currency: str) -> int:
        """The fixed part of the expected processing cost, minor units."""
        return self.COST_FIXED.get(currency, self.FEE_FIXED.get(currency, 0))

    def methods_for(self, currency: str) -> tuple[str, ...]:
        """By what a contribution in a currency can be paid."""
        return tuple(each for each in self.PAYMENT_METHODS if takes(each, currency))

    @property
    def fee_basis_points(self) -> int:
        """The fee's percentage in hundredths of a percent."""
        return int(self.FEE_PERCENT * 100)

    @property
    def cost_basis_points(self) -> int:
        """The expected processing cost's percentage in hundredths of a percent."""
        return int(self.COST_PERCENT * 100)
