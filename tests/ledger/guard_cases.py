"""What the database itself refuses, each as statements of one transaction in plain SQL; example A is booked before.

`test_guards` tries them one by one, and `python -m tests.ledger.guard_list` prints them. Whatever a refusal says is
held against `by`, so that a slip of the pen in a statement can't pass for a guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bountyhub.kit.database import engine, transaction

POSTGRESQL, SQLITE = "postgresql", "sqlite"
MOMENT = {POSTGRESQL: "now()", SQLITE: "1"}
ENTRY = (
    "INSERT INTO ledger_entry (id, kind, currency, key, digest, effective_at, recorded_at, actor, refs, outside_id) "
    "VALUES (900, 'cost', 'EUR', 'k900', 'd', {moment}, {moment}, 'x', '{}', 'txn_900')"
)
SEAL = "INSERT INTO ledger_seal (entry_id, lines) VALUES (900, 2)"
#: The first seal of example A is of its first entry, whatever its id.
BOOKED = "(SELECT min(entry_id) FROM ledger_seal)"


def line(path: str, amount: int | str, entry: int = 900, after: int = 0, later: int = 1, currency: str = "EUR") -> str:
    """An INSERT of a line that follows the account's last one but for `after` more in it, as its `later`-next."""
    return (
        "INSERT INTO ledger_line (entry_id, account_id, amount, balance_after, version) "
        f"SELECT {entry}, id, {amount}, balance + {amount} + {after}, version + {later} FROM ledger_account "
        f"WHERE path = '{path}' AND currency = '{currency}'"
    )


def account(path: str, kind: str, side: str, never_negative: bool, balance: int = 0) -> str:
    """An INSERT of an account."""
    return (
        "INSERT INTO ledger_account (path, kind, currency, side, never_negative, balance, version) "
        f"VALUES ('{path}', '{kind}', 'EUR', '{side}', {str(never_negative).lower()}, {balance}, 0)"
    )


def change(table: str, what: str) -> str:
    """An UPDATE of what example A booked first."""
    return f"UPDATE ledger_{table} SET {what} WHERE {'id' if table == 'entry' else 'entry_id'} = {BOOKED}"


def account_change(what: str) -> str:
    """An UPDATE of an account that holds money."""
    return f"UPDATE ledger_account SET {what} WHERE path = 'escrow/c1'"


@dataclass(frozen=True)
class Case:
    """One attempt: which guard it is about, what is tried, and a word of the refusal on each engine."""

    guard: str
    tried: str
    statements: Sequence[str]
    by: dict[str, str] = field(default_factory=dict)


def both(guard: str, tried: str, by: str, *statements: str, sqlite: str | None = None) -> Case:
    """A case of both engines; `sqlite` is its word where that differs."""
    return Case(guard, tried, statements, {POSTGRESQL: by, SQLITE: by if sqlite is None else sqlite})


COST = line("cost/processor", 5)
CLEARED = line("clearing", -5)
APPEND_ONLY = "append-only"
OF_ACCOUNTS = "only balance and version of an account change"
BY_LINE = "a balance changes by a line only"
UNBALANCED = {POSTGRESQL: "lines that sum to", SQLITE: "the entry is not balanced or has too few lines"}
#: The largest cost that still fits beside example A's 202, and one more.
MOST = 2**63 - 1 - 202
TOO_LARGE = {POSTGRESQL: "bigint out of range", SQLITE: "ledger guard"}


def _cases() -> Iterator[Case]:
    for name, what in (("an entry", "entry"), ("a line", "line"), ("a seal", "seal")):
        column = {"entry": "actor = 'me'", "line": "amount = amount + 1", "seal": "lines = 3"}[what]
        where = f"{'id' if what == 'entry' else 'entry_id'} = {BOOKED}"
        yield both("append-only", f"change {name}", APPEND_ONLY, change(what, column))
        yield both("append-only", f"delete {name}", APPEND_ONLY, f"DELETE FROM ledger_{what} WHERE {where}")
    yield both("append-only", "delete an account", APPEND_ONLY, "DELETE FROM ledger_account WHERE path = 'escrow/c1'")
    for table in ("entry", "line", "seal", "account"):
        truncate = f"TRUNCATE ledger_{table} CASCADE"
        yield Case("append-only", f"truncate {table}", [truncate], {POSTGRESQL: f"ledger_{table} is append-only"})
    upsert = SEAL.replace("900, 2", f"{BOOKED}, 3") + " ON CONFLICT (entry_id) DO UPDATE SET lines = 9"
    yield both("append-only", "upsert a seal", APPEND_ONLY, upsert, sqlite="a seal is not replaced")
    upsert = ENTRY.replace("k900", "captured:p-c1") + " ON CONFLICT (key) DO UPDATE SET actor = 'me'"
    yield both("append-only", "upsert an entry", APPEND_ONLY, upsert, sqlite="an entry is not replaced")
    yield from _replacing()
    yield from _accounts()
    yield from _sealing()
    yield from _lines()
    yield from _once()


def _replacing() -> Iterator[Case]:
    """SQLite's INSERT OR REPLACE deletes without asking a delete trigger."""
    entry = _or_replace(ENTRY)
    for tried, statements in {
        "replace an entry": [entry.replace("VALUES (900", f"VALUES ({BOOKED}")],
        "replace an entry by its key": [entry.replace("k900", "captured:p-c1")],
        "replace an entry by its outside id": [entry.replace("txn_900", "txn_c1")],
        "replace a line": [ENTRY, COST, _or_replace(line("cost/processor", 7))],
        "replace a seal": [f"INSERT OR REPLACE INTO ledger_seal (entry_id, lines) VALUES ({BOOKED}, 3)"],
        "replace an account": [_or_replace(account("escrow/c1", "escrow", "credit", True))],
    }.items():
        yield Case("append-only", tried, statements, {SQLITE: "is not replaced"})


def _or_replace(statement: str) -> str:
    return statement.replace("INSERT", "INSERT OR REPLACE")


def _accounts() -> Iterator[Case]:
    guard = "accounts"
    yield both(guard, "change a balance", BY_LINE, account_change("balance = balance - 1"))
    yield both(
        guard, "change balance and version", BY_LINE, account_change("balance = balance - 1, version = version + 1")
    )
    for column, value in {
        "id": "id + 1000", "path": "'escrow/mine'", "kind": "'payable'", "currency": "'USD'",
        "contribution": "'mine'", "owner": "'mine'", "side": "'debit'", "never_negative": "false",
    }.items():  # fmt: skip
        yield both(guard, f"change an account's {column}", OF_ACCOUNTS, account_change(f"{column} = {value}"))
    yield both(
        guard, "open one with money in it", "an account begins at 0", account("escrow/x", "escrow", "credit", True, -5)
    )
    yield both(
        guard,
        "open one of an unknown kind",
        "ck_ledger_account_kind|of the chart",
        account("mine", "mine", "credit", True),
    )
    yield both(
        guard, "open an owed one without its rule", "ck_ledger_account_rule|of the chart",
        account("escrow/x", "escrow", "credit", False),
    )  # fmt: skip
    yield both(
        guard, "open an owed one on the wrong side", "ck_ledger_account_side|of the chart",
        account("escrow/x", "escrow", "debit", True),
    )  # fmt: skip
    yield both(
        guard, "open it a second time", "uq_ledger_account_path_currency",
        account("escrow/c1", "escrow", "credit", True), sqlite="an account is not replaced",
    )  # fmt: skip


def _sealing() -> Iterator[Case]:
    guard = "sealed and balanced"
    unsealed = {POSTGRESQL: "fk_ledger_entry_id_ledger_seal", SQLITE: "FOREIGN KEY"}
    yield Case(guard, "commit an entry without its seal", [ENTRY, COST, CLEARED], unsealed)
    yield Case(guard, "commit an entry without anything", [ENTRY], unsealed)
    yield Case(guard, "seal one line", [ENTRY, line("clearing", 5), SEAL.replace("2)", "1)")], UNBALANCED)
    yield Case(guard, "seal no line", [ENTRY, SEAL.replace("2)", "0)")], UNBALANCED)
    yield Case(guard, "seal with a wrong number of lines", [ENTRY, COST, CLEARED, SEAL.replace("2)", "3)")], UNBALANCED)
    yield Case(guard, "seal lines that don't sum to zero", [ENTRY, COST, line("clearing", -4), SEAL], UNBALANCED)
    yield Case(guard, "seal what is not there", [SEAL], UNBALANCED)
    yield both(
        guard, "add a line to a sealed entry", "the entry is sealed",
        line("escrow/c3", 1).replace("SELECT 900", f"SELECT {BOOKED}"),
    )  # fmt: skip


def _lines() -> Iterator[Case]:
    guard = "lines"
    follows = "does not follow the account's last one"
    yield both(guard, "a line of zero", "ck_ledger_line_amount", ENTRY, line("cost/processor", 0))
    yield both(guard, "a wrong balance_after", follows, ENTRY, line("cost/processor", 5, after=1))
    yield both(guard, "a version left out", follows, ENTRY, line("cost/processor", 5, later=2))
    used = "a line is not replaced|" + follows  # SQLite asks its triggers in no promised order
    yield both(guard, "a version used before", follows, ENTRY, line("cost/processor", 5, later=0), sqlite=used)
    yield both(
        guard, "a second line on one account", "uq_ledger_line_entry_id_account_id", ENTRY, line("clearing", 5),
        line("clearing", -5), sqlite="a line is not replaced",
    )  # fmt: skip
    yield both(
        guard, "a line of no entry", "fk_ledger_line_entry_id_ledger_entry", line("cost/processor", 5, entry=901),
        sqlite="of different currencies",
    )  # fmt: skip
    yield both(
        guard, "a line on no account", "not-null|not null|fk_ledger_line_account", ENTRY,
        "INSERT INTO ledger_line (entry_id, account_id, amount, balance_after, version) VALUES (900, 999, 5, 5, 1)",
        sqlite="of different currencies",
    )  # fmt: skip
    yield both(guard, "what we owe below zero", "ck_ledger_account_never_negative", ENTRY, line("escrow/c1", 5001))
    yield both(
        guard, "an account of another currency", "an entry in EUR on an account in USD", ENTRY,
        line("own/float", -5, currency="USD"), sqlite="of different currencies",
    )  # fmt: skip
    unnamed = ENTRY.replace("'txn_900'", "NULL")
    yield both(guard, "clearing without an outside id", "balance transaction", unnamed, CLEARED)
    yield both(
        guard, "clearing with an empty outside id", "ck_ledger_entry_outside_id",
        ENTRY.replace("'txn_900'", "''"), CLEARED,
    )  # fmt: skip
    half = line("cost/processor", "5.5")
    yield Case(guard, "half a cent", [ENTRY, half], {SQLITE: "whole numbers of 64 bits"})
    yield Case(guard, "an amount of 2^63", [ENTRY, line("cost/processor", str(2**63))], TOO_LARGE)
    yield Case(guard, "a balance of 2^63", [ENTRY, line("cost/processor", MOST + 1)], TOO_LARGE)
    yield Case(guard, "an amount below −2^63", [ENTRY, line("clearing", str(-(2**63) - 1))], TOO_LARGE)
    yield Case(guard, "a balance below −2^63", [ENTRY, line("fee_held/c1", str(-(2**63)))], TOO_LARGE)


def _once() -> Iterator[Case]:
    guard = "once"
    replaced = "an entry is not replaced"
    yield both(guard, "a key a second time", "uq_ledger_entry_key", ENTRY.replace("k900", "captured:p-c1"),
                sqlite=replaced)  # fmt: skip
    yield both(guard, "an empty key", "ck_ledger_entry_key", ENTRY.replace("k900", ""))
    yield both(
        guard, "an outside id a second time in one kind", "uq_ledger_entry_kind_outside_id",
        ENTRY.replace("txn_900", "txn_c1"), sqlite=replaced,
    )  # fmt: skip
    yield both(guard, "a reversal of itself", "ck_ledger_entry_reverses", _reversal(900, 900))
    first = [_reversal(900, BOOKED), line("clearing", 5), line("cost/processor", -5), SEAL]
    yield both(guard, "a second reversal", "uq_ledger_entry_reverses", *first, _reversal(901, BOOKED), sqlite=replaced)
    yield both(guard, "a reversal of a reversal", "a reversal is not reversed", *first, _reversal(901, 900))


def _reversal(number: int, of: int | str) -> str:
    reversal = ENTRY.replace("outside_id)", "outside_id, reverses)").replace("'txn_900')", f"'txn_900', {of})")
    return reversal.replace("900, 'cost'", f"{number}, 'cost'").replace("k900", f"k{number}").replace(
        "txn_900", f"txn_{number}"
    )  # fmt: skip


CASES = tuple(_cases())


def run(statements: Sequence[str]) -> None:
    """These in one transaction."""
    with transaction() as session:
        moment = MOMENT[session.get_bind().dialect.name]
        for statement in statements:
            session.connection().exec_driver_sql(statement.replace("{moment}", moment).replace("%", "%%"))


def refusal(case: Case) -> str | None:
    """What the database said to it, in one line; None when it let it through."""
    try:
        run(case.statements)
    except DBAPIError as problem:
        return str(problem.orig).splitlines()[0]
    finally:
        engine().dispose()  # a commit that SQLite refuses leaves its connection inside the transaction
    return None


def rows() -> list[object]:
    """Everything in the books."""
    names = ("account", "entry", "line", "seal", "leaf", "node", "checkpoint", "salt")
    with engine().connect() as connection:
        found = [connection.execute(text(f"SELECT * FROM ledger_{name} ORDER BY 1")) for name in names]
        return [tuple(row) for result in found for row in result]
