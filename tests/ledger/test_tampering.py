"""Every figure of the books, changed in plain SQL with the triggers off: `verify` names the row."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bountyhub.ledger.verify import verify
from tests.ledger.books import example_a, release_all
from tests.ledger.test_verify import account_id, line_of, unguarded

pytestmark = pytest.mark.usefixtures("owned")

LINE = f"id = (SELECT id FROM {line_of('captured:p-c1', 'escrow/c1')})"

#: column and its new value → what `verify` says. A line's id means nothing, and nothing else is left out.
LINES = {
    "entry_id = 2": "^entry 1 has 2 lines that sum to 5000",
    "entry_id = 99": "^line .* belongs to no entry",
    f"account_id = {account_id('cost/processor')}, version = 99": "^account escrow/c1 stands at 0 after 2 lines, but",
    "account_id = 99": "^line .* belongs to no account",
    "amount = amount + 1": "^entry 1 has 3 lines that sum to 1",
    "amount = -amount": "^account escrow/c1 line",
    "balance_after = balance_after - 1": "^account escrow/c1 line",
    "balance_after = 1": "^account escrow/c1 stood at 1 after entry 1",
    "version = 7": "^account escrow/c1 line .* is no. 7",
}
MOST = 2**63 - 1
#: As large as their column: every sum and difference over them would leave 64 bits.
EXTREME = {
    f"amount = {MOST}": r"^entry 1 has 3 lines that sum to 9\.?22337203",
    f"amount = {-MOST}": "^account escrow/c1 line .* and -9223372036854775807 ",
    f"balance_after = {-MOST}": "^account escrow/c1 line .* stands at -9223372036854775807",
    f"amount = {-MOST}, balance_after = {-MOST}": "^account escrow/c1 stands at 0 after 2 lines, but has 2",
    f"version = {MOST}": "^account escrow/c1 line .* is no. 9223372036854775807",
}
EXTREME_ACCOUNTS = {
    f"balance = {-MOST}": "^currency EUR is out of balance by -922337203685477",
    f"version = {MOST}": "^account payable/s1/c1 stands at .* after 9223372036854775807 lines",
}
ACCOUNTS = {
    "path = 'payable/s9/c1'": "^account payable/s9/c1 belongs to s1, contribution c1",
    "owner = 's9'": "^account payable/s1/c1 belongs to s9, contribution c1",
    "owner = NULL": "^account payable/s1/c1 belongs to nobody, contribution c1",
    "contribution = 'c2'": "^account payable/s1/c1 belongs to s1, contribution c2",
    "contribution = NULL": "^account payable/s1/c1 belongs to s1, contribution none",
    "kind = 'kept_for'": "^account payable/s1/c1 belongs to s1, contribution c1",
    "currency = 'USD'": "^entry 7 in EUR has a line on payable/s1/c1 in USD",
    "balance = balance + 1": "^account payable/s1/c1 stands at",
    "version = version + 1": "^account payable/s1/c1 stands at",
}
GONE = {
    f"ledger_line WHERE {LINE}": "^entry 1 has 2 lines",
    "ledger_entry WHERE id = 1": "^line .* belongs to no entry",
    "ledger_seal WHERE entry_id = 1": "^entry 1 has 3 lines that sum to 0, no seal",
    "ledger_account WHERE path = 'payable/s1/c1'": "^line .* belongs to no account",
}


def assert_named(attempts: Mapping[str, str]) -> None:
    """Each statement, one at a time, on sound books; and what `verify` must say of it."""
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with unguarded() as connection:
        for statement, by in attempts.items():
            savepoint = connection.begin_nested()
            connection.execute(text(statement))
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                problems = [str(problem) for problem in verify(session).problems]
            savepoint.rollback()
            assert any(re.search(by, problem) for problem in problems), (statement, problems)


def test_a_changed_column_of_a_line_is_named() -> None:
    assert_named({f"UPDATE ledger_line SET {change} WHERE {LINE}": by for change, by in LINES.items()})


def test_a_line_as_large_as_its_column_is_named() -> None:
    first = "UPDATE ledger_line SET {} WHERE {}"
    lines = {first.format(change, LINE): by for change, by in EXTREME.items()}
    several = f"UPDATE ledger_line SET amount = {MOST}, balance_after = {MOST}"
    assert_named(lines | {several: r"^entry 1 has 3 lines that sum to 2\.?767"})


def test_a_balance_as_large_as_its_column_is_named() -> None:
    change_of = "UPDATE ledger_account SET {} WHERE path = 'payable/s1/c1'"
    assert_named({change_of.format(change): by for change, by in EXTREME_ACCOUNTS.items()})


def test_a_changed_column_of_an_account_is_named() -> None:
    change_of = "UPDATE ledger_account SET {} WHERE path = 'payable/s1/c1'"
    assert_named({change_of.format(change): by for change, by in ACCOUNTS.items()})


def test_a_row_that_is_gone_is_named() -> None:
    assert_named({f"DELETE FROM {gone}": by for gone, by in GONE.items()})


def test_a_changed_seal_is_named() -> None:
    assert_named({"UPDATE ledger_seal SET lines = 9 WHERE entry_id = 1": "^entry 1 .* sealed with 9"})
