"""Amounts: whole minor units, what a person may type, how they are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.kit.money import (
    EXPONENTS,
    MAX_AMOUNT,
    Money,
    MoneyError,
    major,
    parse_amount,
    plain,
    short,
    total,
    unit,
    zero,
)
from bountyhub.settings.money import MOVE_IN_TENS

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)


@pytest.mark.parametrize(("text", "minor"), [
    ("25", 2500), ("25.5", 2550), ("25,50", 2550), ("25.05", 2505), (" 25 ", 2500), ("0", 0), ("0.01", 1),
    ("007", 700), ("999999999", 99999999900),
])  # fmt: skip
def test_what_a_person_types_is_read_to_the_cent(text: str, minor: int) -> None:
    assert parse_amount(text, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize("text", [
    "", " ", "1e5", "-5", "+5", "0.001", "25.", ".5", "1.000,00", "1,000.00", "1 000", "25 €", "€25", "0x10", "inf",
    "nan", "٢٥", "２５", "²", "1_000", "25.5.5", "25\n26", "1" * 13, "1000000000000", "10^12", "ten", "2５", "25\x00",
])  # fmt: skip
def test_what_is_no_amount_is_refused_with_words(text: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_amount(text, "EUR")
    assert str(refused.value).endswith(".")


def test_a_currency_without_cents_takes_none() -> None:
    assert parse_amount("1200", "JPY") == Money(1200, "JPY")
    with pytest.raises(MoneyError, match="no digits"):
        parse_amount("1200.5", "JPY")


def test_a_currency_of_three_decimals_moves_in_tens() -> None:
    assert parse_amount("1.500", "KWD") == Money(1500, "KWD")
    assert parse_amount("1.5", "KWD") == Money(1500, "KWD")
    with pytest.raises(MoneyError, match="0 as their last digit"):
        parse_amount("1.505", "KWD")
    with pytest.raises(MoneyError, match="3 digits"):
        parse_amount("1.5050", "KWD")
    assert [unit(currency) for currency in ("JPY", "EUR", "KWD")] == [1, 1, 10]
    assert {currency for currency in EXPONENTS if unit(currency) == 10} == MOVE_IN_TENS


@pytest.mark.parametrize("currency", ["", "eur", "XXX", "BTC"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(MoneyError):
        parse_amount("1", currency)
    with pytest.raises(MoneyError):
        Money(1, currency)


@pytest.mark.parametrize("amount", [1.0, "1", True, None])
def test_an_amount_is_a_whole_number_and_never_a_float(amount: object) -> None:
    values: dict[str, Any] = {"amount": amount, "currency": "EUR"}
    with pytest.raises(MoneyError):
        Money(**values)


def test_currencies_do_not_mix() -> None:
    euro, dollar = Money(1, "EUR"), Money(1, "USD")
    for mixed in (lambda: euro + dollar, lambda: euro - dollar, lambda: euro < dollar, lambda: euro <= dollar):
        with pytest.raises(MoneyError):
            mixed()
    assert euro != dollar


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_sums_are_exact(one: int, other: int, currency: str) -> None:
    a, b = Money(one, currency), Money(other, currency)
    assert (a + b - b, zero(currency) - (zero(currency) - a), total([a, b], currency)) == (a, a, a + b)
    assert bool(a) is (one != 0)
    assert (a < b, a <= b) == (one < other, one <= other)


@given(st.integers(0, MAX_AMOUNT), CURRENCIES)
def test_what_is_written_can_be_read_again(amount: int, currency: str) -> None:
    money = Money(amount // unit(currency) * unit(currency), currency)
    if len(major(money)) <= 12:
        assert parse_amount(major(money), currency) == money


@pytest.mark.parametrize(("money", "long", "brief"), [
    (Money(56500, "EUR"), "565.00 EUR", "565 €"), (Money(2650, "USD"), "26.50 USD", "26.50 $"),
    (Money(-50, "EUR"), "-0.50 EUR", "-0.50 €"), (Money(1200, "JPY"), "1200 JPY", "1200 ¥"),
    (Money(5, "CHF"), "0.05 CHF", "0.05 CHF"), (zero("GBP"), "0.00 GBP", "0 £"),
])  # fmt: skip
def test_how_amounts_are_written(money: Money, long: str, brief: str) -> None:
    assert (plain(money), str(money), short(money)) == (long, long, brief)
