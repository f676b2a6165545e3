"""Currencies of the stand-in: exponents, smallest charges, and what a card payment costs.

Used by checkout (limits), by charges (fees) and by the pages (`shown`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bountyhub.sandbox.stripe.errors import bad_param


@dataclass(frozen=True)
class Currency:
    """`minimum` and `fixed` in minor units; `percent` for a domestic card, `foreign` for any other."""

    sign: str
    exponent: int
    minimum: int
    fixed: int
    percent: Fraction
    foreign: Fraction


def _percent(text: str) -> Fraction:
    return Fraction(text) / 100


CURRENCIES = {
    "eur": Currency("€", 2, 50, 25, _percent("1.5"), _percent("3.25")),
    "usd": Currency("$", 2, 50, 30, _percent("2.9"), _percent("4.4")),
    "gbp": Currency("£", 2, 30, 20, _percent("1.5"), _percent("3.25")),
    "jpy": Currency("¥", 0, 50, 0, _percent("3.6"), _percent("5.6")),
    "chf": Currency("CHF ", 2, 50, 30, _percent("2.9"), _percent("3.9")),
    "sek": Currency("kr ", 2, 300, 180, _percent("1.5"), _percent("3.25")),
    "cad": Currency("CA$", 2, 50, 30, _percent("2.9"), _percent("3.7")),
    "bhd": Currency("BHD ", 3, 200, 100, _percent("2.9"), _percent("3.9")),
    "jod": Currency("JOD ", 3, 400, 200, _percent("2.9"), _percent("3.9")),
    "kwd": Currency("KWD ", 3, 150, 80, _percent("2.9"), _percent("3.9")),
    "omr": Currency("OMR ", 3, 200, 100, _percent("2.9"), _percent("3.9")),
    "tnd": Currency("TND ", 3, 1500, 800, _percent("2.9"), _percent("3.9")),
}
LARGEST = 99_999_999


def card_fee(amount: int, currency: str, foreign: bool) -> int:
    """Stripe's fee in minor units, rounded down, never more than the amount."""
    rates = CURRENCIES[currency]
    share = amount * (rates.foreign if foreign else rates.percent)
    return min(amount, int(share) // unit(currency) * unit(currency) + rates.fixed)


def unit(currency: str) -> int:
    """Three-decimal currencies move in tens of minor units."""
    return 10 if CURRENCIES[currency].exponent == 3 else 1


def require_round(amount: int, currency: str, param: str) -> None:
    """Refuse an amount that can't be moved in its currency."""
    if amount % unit(currency):
        raise bad_param(
            f"Invalid amount: amounts in {currency} must be rounded to the nearest ten (the last digit is 0).", param
        )


def shown(amount: int, currency: str) -> str:
    """`€25.00` for people."""
    rates = CURRENCIES[currency]
    minus = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**rates.exponent)
    decimals = f".{part:0{rates.exponent}d}" if rates.exponent else ""
    return f"{minus}{rates.sign}{whole:,}{decimals}"
