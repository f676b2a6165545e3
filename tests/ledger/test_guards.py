"""The database itself refuses what would spoil the books, whoever asks, in plain SQL, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bountyhub.kit import migrate
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.ledger import guards
from bountyhub.ledger.models import Account, Entry, Line, Seal
from tests.ledger.books import EUR, example_a, top_up

MOMENT = {"postgresql": "now()", "sqlite": "1"}
ENTRY = (
    "INSERT INTO ledger_entry (id, kind, currency, key, digest, effective_at, recorded_at, actor, refs, outside_id) "
    "VALUES (900, 'cost', 'EUR', 'k900', 'd', {moment}, {moment}, 'x', '{{}}', 'txn_900')"
)
SEAL = "INSERT INTO ledger_seal (entry_id, lines) VALUES (900, 2)"


def line(path: str, amount: int, entry: int = 900, after: int = 0, currency: str = EUR) -> str:
    """An INSERT of a line that follows the account's last one but for `after` more."""
    return (
        "INSERT INTO ledger_line (entry_id, account_id, amount, balance_after, version) "
        f"SELECT {entry}, id, {amount}, balance + {amount} + {after}, version + 1 FROM ledger_account "
        f"WHERE path = '{path}' AND currency = '{currency}'"
    )


def account(path: str, kind: str, side: str, never_negative: bool, balance: int = 0) -> str:
    """An INSERT of an account."""
    return (
        "INSERT INTO ledger_account (path, kind, currency, side, never_negative, balance, version) "
        f"VALUES ('{path}', '{kind}', 'EUR', '{side}', {str(never_negative).lower()}, {balance}, 0)"
    )


#: name → statements of one transaction that must not commit. Example A is booked before.
REFUSED = {
    "change an entry": ["UPDATE ledger_entry SET actor = 'me' WHERE id = 1"],
    "change a line": ["UPDATE ledger_line SET amount = amount + 1 WHERE id = 1"],
    "change a seal": ["UPDATE ledger_seal SET lines = 3 WHERE entry_id = 1"],
    "delete an entry": ["DELETE FROM ledger_entry WHERE id = 1"],
    "delete a line": ["DELETE FROM ledger_line WHERE id = 1"],
    "delete a seal": ["DELETE FROM ledger_seal WHERE entry_id = 1"],
    "delete an account": ["DELETE FROM ledger_account WHERE path = 'escrow/c1'"],
    "change a balance": ["UPDATE ledger_account SET balance = balance - 1 WHERE path = 'escrow/c1'"],
    "change a balance and its version": [
        "UPDATE ledger_account SET balance = balance - 1, version = version + 1 WHERE path = 'escrow/c1'"
    ],
    "rename an account": ["UPDATE ledger_account SET path = 'escrow/mine' WHERE path = 'escrow/c1'"],
    "take away a sign rule": ["UPDATE ledger_account SET never_negative = false WHERE path = 'escrow/c1'"],
    "an account with money in it": [account("escrow/x", "escrow", "credit", True, -5)],
    "an account of an unknown kind": [account("mine", "mine", "credit", True)],
    "an owed account without its rule": [account("escrow/x", "escrow", "credit", False)],
    "an owed account on the wrong side": [account("escrow/x", "escrow", "debit", True)],
    "the same account again": [account("escrow/c1", "escrow", "credit", True)],
    "an entry without a seal": [ENTRY, line("cost/processor", 5), line("clearing", -5)],
    "a sealed entry of one line": [ENTRY, line("clearing", 5), SEAL],
    "a seal that counts wrong": [ENTRY, line("cost/processor", 5), line("clearing", -5), SEAL.replace("2)", "3)")],
    "an unbalanced entry": [ENTRY, line("cost/processor", 5), line("clearing", -4), SEAL],
    "a seal before its lines": [ENTRY, SEAL],
    "a seal for no entry": [SEAL],
    "a line of zero": [ENTRY, line("cost/processor", 0), line("clearing", 0), SEAL],
    "a line added to a sealed entry": [line("escrow/c3", -1, entry=1)],
    "a line for no entry": [line("cost/processor", 5, entry=901)],
    "a line of half a cent less": [ENTRY, line("cost/processor", 5, after=1), line("clearing", -5), SEAL],
    "a second line on one account": [ENTRY, line("clearing", 5), line("clearing", -5), SEAL],
    "an owed account below zero": [ENTRY, line("escrow/c1", 5001), line("clearing", -5001), SEAL],
    "clearing without an outside id": [
        ENTRY.replace("'txn_900'", "NULL"),
        line("cost/processor", 5),
        line("clearing", -5),
        SEAL,
    ],
    "an empty outside id": [ENTRY.replace("'txn_900'", "''"), line("cost/processor", 5), line("clearing", -5), SEAL],
    "an account of another currency": [
        ENTRY,
        line("clearing", 5, currency="USD"),
        line("own/float", -5, currency="USD"),
        SEAL,
    ],
    "a key used before": [ENTRY.replace("k900", "captured:p-c1")],
    "an outside id booked before": [ENTRY.replace("txn_900", "txn_c1")],
    "a reversal of itself": [ENTRY.replace("outside_id)", "reverses)").replace("'txn_900'", "900")],
}
ONLY_POSTGRESQL = {
    **{f"truncate {name}": [f"TRUNCATE ledger_{name} CASCADE"] for name in ("entry", "line", "seal", "account")},
}
ONLY_SQLITE = {
    "replace an entry": [ENTRY.replace("INSERT", "INSERT OR REPLACE").replace("900", "1")],
    "replace an entry by its key": [ENTRY.replace("INSERT", "INSERT OR REPLACE").replace("k900", "captured:p-c1")],
    "replace a line": [
        "INSERT OR REPLACE INTO ledger_line (id, entry_id, account_id, amount, balance_after, version) "
        "VALUES (1, 1, 1, 9, 9, 1)"
    ],
    "replace a seal": ["INSERT OR REPLACE INTO ledger_seal (entry_id, lines) VALUES (1, 9)"],
    "replace an account": [account("escrow/c1", "escrow", "credit", True).replace("INSERT", "INSERT OR REPLACE")],
    "half a cent": [ENTRY, line("cost/processor", 5).replace("5,", "5.5,"), line("clearing", -5), SEAL],
}


def run(statements: list[str]) -> None:
    with transaction() as session:
        moment = MOMENT[session.get_bind().dialect.name]
        for statement in statements:
            session.execute(text(statement.replace("{moment}", moment).replace("{{}}", "{}")))


def rows(session: Session) -> list[object]:
    tables = ("ledger_account", "ledger_entry", "ledger_line", "ledger_seal")
    return [tuple(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


def is_refused(statements: list[str]) -> bool:
    try:
        run(statements)
    except DBAPIError:
        return True
    finally:
        engine().dispose()  # a commit that SQLite refuses leaves its connection inside the transaction
    return False


@pytest.mark.usefixtures("database")
def test_the_database_refuses_whatever_would_spoil_the_books() -> None:
    example_a()
    top_up(100, "USD")
    with reading() as session:
        before = rows(session)
        own = ONLY_POSTGRESQL if session.get_bind().dialect.name == "postgresql" else ONLY_SQLITE
    for name, statements in (REFUSED | own).items():
        assert is_refused(statements), name
        print("refused:", name)
    with reading() as session:
        assert rows(session) == before


@pytest.mark.usefixtures("database")
def test_the_database_takes_a_sound_entry_in_plain_sql() -> None:
    """The other tests of this file would pass for a database that refuses everything."""
    example_a()
    run([ENTRY, line("cost/processor", 5), line("clearing", -5), SEAL])
    with reading() as session:
        assert session.scalar(text("SELECT balance FROM ledger_account WHERE path = 'cost/processor'")) == 207


@pytest.mark.usefixtures("database")
def test_the_database_refuses_a_second_reversal_and_a_reversal_of_a_reversal() -> None:
    example_a()
    reversal = ENTRY.replace("outside_id)", "outside_id, reverses)").replace("'txn_900')", "'txn_900', 1)")
    body = [line("clearing", 5), line("cost/processor", -5)]
    run([reversal, *body, SEAL])
    again = [each.replace("900", "901") for each in (reversal, *body, SEAL)]
    with pytest.raises(DBAPIError):
        run(again)
    with pytest.raises(DBAPIError):
        run([again[0].replace(", 1)", ", 900)"), *again[1:]])


def test_all_guards_are_there_after_up_down_up(database: str) -> None:
    migrate.downgrade(database, "base")
    empty = create_engine(database)
    with empty.connect() as connection:
        names = "SELECT proname FROM pg_proc WHERE proname LIKE 'ledger_%'"
        left = "SELECT name FROM sqlite_master WHERE name LIKE 'ledger_%'"
        assert connection.execute(text(left if empty.dialect.name == "sqlite" else names)).all() == []
    empty.dispose()
    migrate.upgrade(database)
    with reading() as session:
        assert guards.on_duty(session) == guards.expected(session)


@pytest.mark.usefixtures("database")
def test_models_and_migration_name_the_same_columns() -> None:
    found = inspect(engine())
    for table in (Account, Entry, Line, Seal):
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.__tablename__)}
        assert columns == {column.name: bool(column.nullable) for column in table.__table__.columns}
