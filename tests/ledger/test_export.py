"""A program that isn't ours reads the exported books, and agrees with every balance."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data, realization
from beancount.loader import load_string
from sqlalchemy import select

from bountyhub.kit.database import reading
from bountyhub.kit.money import EXPONENTS
from bountyhub.ledger.beancount import as_beancount, name_of
from bountyhub.ledger.export import as_csv
from bountyhub.ledger.flows import FLOWS
from bountyhub.ledger.models import Account, Entry
from bountyhub.ledger.verify import verify
from tests.ledger.every_event import every_event

on_both_engines = pytest.mark.usefixtures("database")
on_one_engine = pytest.mark.usefixtures("sqlite")


def exported() -> str:
    every_event()
    with reading() as session:
        assert verify(session).problems == []
        return "".join(as_beancount(session))


def load(text: str) -> tuple[list[Any], list[Any]]:
    """Entries and errors, as beancount sees them."""
    entries, errors, _ = load_string(text)
    return entries, errors


def added_up(entries: Iterable[Any]) -> dict[tuple[str, str], Decimal]:
    """Each account's balance by currency as beancount's own arithmetic has it, zeros left out."""
    tree: Any = realization  # it ships no types for these
    accounts = tree.iter_children(tree.realize(list(entries)))
    return {
        (account.account, position.units.currency): position.units.number
        for account in accounts
        for position in account.balance
        if position.units.number
    }


def ours() -> dict[tuple[str, str], Decimal]:
    """Our cached balances under beancount's names."""
    with reading() as session:
        rows = session.execute(select(Account.kind, Account.path, Account.currency, Account.balance)).all()
    return {
        (name_of(kind, path), currency): Decimal(balance).scaleb(-EXPONENTS[currency])
        for kind, path, currency, balance in rows
        if balance
    }


@on_one_engine
def test_the_books_of_this_test_hold_every_kind_of_event() -> None:
    every_event()
    with reading() as session:
        assert set(session.scalars(select(Entry.kind))) == FLOWS.keys()


@on_both_engines
def test_beancount_reads_the_export_and_agrees_on_every_balance() -> None:
    entries, errors = load(exported())
    assert errors == []
    assert added_up(entries) == ours()
    assert {currency for _, currency in ours()} == {"EUR", "USD", "JPY"}
    counted = [entry for entry in entries if isinstance(entry, data.Transaction)]
    with reading() as session:
        assert {entry.meta["entry"] for entry in counted} == set(session.scalars(select(Entry.id)))


@on_one_engine
@pytest.mark.parametrize(("true", "false"), [("50.03 EUR", "50.04 EUR"), ("5003 JPY", "5004 JPY")])
def test_a_planted_unit_makes_beancount_disagree(true: str, false: str) -> None:
    text = exported()
    assert load(text.replace(true, false, 1))[1]


@on_one_engine
def test_a_cached_balance_that_is_a_cent_off_makes_beancount_disagree() -> None:
    text = exported()
    (line,) = [line for line in text.splitlines() if "balance Assets:Clearing " in line and line.endswith(" EUR")]
    amount = line.split()[3]
    off = line.replace(amount, str(Decimal(amount) + Decimal("0.01")))
    (error,) = load(text.replace(line, off))[1]
    assert "Balance failed for 'Assets:Clearing'" in error.message


def test_two_accounts_never_have_one_name() -> None:
    paths = ["a-b", "a_b", "a.b", "a-2d-b", "A-b", "a:b", "a@b", "ab"]
    assert len({name_of("escrow", f"escrow/{path}") for path in paths}) == len(paths)
    assert name_of("payable", "payable/s1/c1") == "Liabilities:Payable:R-s1:R-c1"
    assert name_of("cost/chargeback_loss", "cost/chargeback_loss") == "Expenses:Cost:Chargeback-loss"


@on_one_engine
def test_empty_books_are_exported_too() -> None:
    with reading() as session:
        assert load("".join(as_beancount(session)))[1] == []
        assert len(list(as_csv(session))) == 1


@on_both_engines
def test_the_table_has_a_row_for_each_line_and_sums_to_nothing() -> None:
    every_event()
    with reading() as session:
        rows = list(csv.DictReader(io.StringIO("".join(as_csv(session)))))
        report = verify(session)
    assert len(rows) == report.lines
    assert sum(int(row["amount_minor"]) for row in rows) == 0
    first = next(row for row in rows if row["account"] == "escrow/sent-JPY")
    assert (first["kind"], first["amount"], first["balance_after"]) == ("captured", "-5003", "-5003")
    assert (first["effective_at"], first["outside_id"]) == ("2026-03-01T12:00:00+00:00", "txn_sent-JPY")
    assert "by letter" not in str(rows) and "actor" not in rows[0]
