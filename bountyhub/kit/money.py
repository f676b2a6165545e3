"""Integer minor units with their currency: the only way amounts travel through the code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BY_DIGITS = {
    0: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP
        CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD KES KGS
        KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
        PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TWD TZS UAH UGX
        USD UYU UZS WST XCD YER ZAR ZMW""",
    3: "BHD JOD KWD OMR TND",
}
#: Digits after the decimal point, as the processor counts them (ISK and UGX have 2 there); a currency not listed here
#: is not accepted anywhere. All that can arrive are known, so that what wasn't asked for can be set apart.
EXPONENTS = {currency: digits for digits, currencies in _BY_DIGITS.items() for currency in currencies.split()}
MAX_AMOUNT = 10**11
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]+)?", re.ASCII)


def unit(currency: str) -> int:
    """The least that can be moved, in minor units: processors round three-decimal currencies, so amounts end in 0."""
    return 10 if EXPONENTS.get(currency) == 3 else 1


class MoneyError(ValueError):
    """An amount or currency that can't be understood; the message says what to type instead."""


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents, yen) of one currency; arithmetic refuses to mix currencies."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise MoneyError(f"{self.currency!r} is not a currency this site uses.")
        if type(self.amount) is not int:
            raise MoneyError("An amount is a whole number of minor units.")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return plain(self)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} can't be added or compared.")
        return other.amount


def zero(currency: str) -> Money:
    """No money of a currency."""
    return Money(0, currency)


def total(items: Iterable[Money], currency: str) -> Money:
    """The sum of amounts of one currency (zero for none)."""
    return sum(items, zero(currency))


def major(money: Money) -> str:
    """The number alone in major units, e.g. `25.00`, `-0.50`, `1200` for yen."""
    exponent = EXPONENTS[money.currency]
    sign, digits = ("-" if money.amount < 0 else ""), str(abs(money.amount)).rjust(exponent + 1, "0")
    return sign + (digits if exponent == 0 else f"{digits[:-exponent]}.{digits[-exponent:]}")


def plain(money: Money) -> str:
    """`25.00 EUR`: for logs, mails without a locale and the command line."""
    return f"{major(money)} {money.currency}"


def parse_amount(text: str, currency: str) -> Money:
    """Read what a person typed (`25`, `25.00`, `25,5`) in major units; raises MoneyError with what to type."""
    if currency not in EXPONENTS:
        raise MoneyError(f"{currency!r} is not a currency this site uses.")
    cleaned = text.strip()
    if not _AMOUNT.fullmatch(cleaned):
        raise MoneyError("Type the amount as a number, for example 25 or 25.50.")
    whole, _, fraction = cleaned.replace(",", ".").partition(".")
    exponent = EXPONENTS[currency]
    if len(fraction) > exponent:
        raise MoneyError(f"{currency} has {exponent or 'no'} digits after the point.")
    amount = int(whole) * 10**exponent + int((fraction or "0").ljust(exponent, "0") or "0")
    if amount % unit(currency):
        raise MoneyError(f"Amounts in {currency} have 0 as their last digit.")
    if amount > MAX_AMOUNT:
        raise MoneyError("That is more than this site can take.")
    return Money(amount, currency)


_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def short(money: Money) -> str:
    """`565 €`, `26.50 €`: for sentences; cents only where there are some."""
    exponent = EXPONENTS[money.currency]
    number = major(money)
    if exponent and money.amount % 10**exponent == 0:
        number = number[: -exponent - 1]
    return f"{number} {_SYMBOLS.get(money.currency, money.currency)}"
