"""How pages write money and moments; used by the components. Babel is asked only here."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import get_currency_symbol
from flask import Flask

from bountyhub.kit import clock
from bountyhub.kit.money import EXPONENTS, Money, major, short

LOCALE = "en"
#: Two letters that stand for no single country.
NO_COUNTRY = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")


def init_app(app: Flask) -> None:
    """Register every filter."""
    app.jinja_env.filters.update(
        money=short,
        money_exact=money_exact,
        date=date,
        datetime=date_time,
        ago=ago,
        exponent=exponent,
        duration=duration,
    )


def money_exact(money: Money) -> str:
    """`25.00 €`: always with its minor units."""
    return f"{major(money)} {get_currency_symbol(money.currency, LOCALE)}"


def exponent(currency: str) -> int:
    """Digits after the point."""
    return EXPONENTS[currency]


def date(moment: datetime) -> str:
    """`3 December 2026`."""
    return format_date(moment, "d MMMM y", LOCALE)


def date_time(moment: datetime) -> str:
    """`3 December 2026, 14:05 UTC`."""
    return format_datetime(moment, "d MMMM y, HH:mm", locale=LOCALE) + " UTC"


def ago(moment: datetime) -> str:
    """`3 days ago`, `in 2 hours`; business time."""
    return format_timedelta(moment - clock.now(), add_direction=True, threshold=1.2, locale=LOCALE)


def countries() -> list[tuple[str, str]]:
    """Every country: its two letters and its name, by name."""
    names = ((code, name) for code, name in Locale(LOCALE).territories.items() if len(code) == 2 and code.isalpha())
    return sorted(((code, name) for code, name in names if code not in NO_COUNTRY), key=lambda pair: pair[1])


def duration(seconds: float) -> str:
    """`0.4 s`, `12 minutes`, `3 days`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return format_timedelta(timedelta(seconds=seconds), threshold=1.2, locale=LOCALE)
