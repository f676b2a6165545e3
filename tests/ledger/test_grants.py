"""What the application's own role may not even try on PostgreSQL, in plain SQL: it owns nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from bountyhub.kit.database import engine, make_engine, reading
from bountyhub.ledger import grants
from tests.ledger.books import example_a
from tests.servers import postgres

TABLES = ("ledger_entry", "ledger_line", "ledger_seal", "ledger_account")
COLUMN = {"ledger_entry": "actor", "ledger_line": "amount", "ledger_seal": "lines", "ledger_account": "balance"}
EACH = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN extra integer",
    "DROP TABLE {table} CASCADE",
    "DROP TRIGGER {table}_no_truncate ON {table}",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION ledger_append_only()",
)
OTHERS = (
    "SET session_replication_role = replica",
    "UPDATE ledger_account SET path = 'escrow/mine' WHERE path = 'escrow/c1'",
    "CREATE OR REPLACE FUNCTION ledger_line_check() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TABLE mine (id integer)",
    "CREATE SCHEMA mine",
    "SELECT setval('ledger_entry_id_seq', 1)",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE TEMP TABLE mine (id int); CREATE TRIGGER t AFTER INSERT ON mine EXECUTE FUNCTION ledger_line_book()",
)
REFUSED = [*(each.format(table=table, column=COLUMN[table]) for table in TABLES for each in EACH), *OTHERS]


@pytest.mark.usefixtures("postgresql")
def test_the_applications_role_may_do_nothing_to_the_books_but_read_and_add() -> None:
    example_a()
    for statement in REFUSED:
        with engine().connect() as connection, pytest.raises(ProgrammingError) as refused:
            connection.exec_driver_sql(statement)
        assert type(refused.value.orig).__name__ == "InsufficientPrivilege", statement
        print("refused to the application:", statement)


@pytest.mark.usefixtures("postgresql")
def test_the_one_right_that_locking_needs_changes_nothing() -> None:
    example_a()
    with engine().connect() as connection, pytest.raises(DBAPIError, match="a balance changes by a line only"):
        connection.exec_driver_sql("UPDATE ledger_account SET version = version + 1 WHERE path = 'escrow/c1'")


@pytest.mark.usefixtures("postgresql")
def test_a_temporary_table_of_the_same_name_does_not_blind_a_guard() -> None:
    example_a()
    with engine().connect() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table} LIMIT 0")
        connection.exec_driver_sql("INSERT INTO pg_temp.ledger_line (entry_id, amount) VALUES (900, 5), (900, -5)")
        with pytest.raises(DBAPIError, match="the entry has 0 lines"):
            connection.exec_driver_sql("INSERT INTO public.ledger_seal (entry_id, lines) VALUES (900, 2)")


@pytest.mark.usefixtures("postgresql")
def test_the_applications_role_has_no_right_too_many() -> None:
    with reading() as session:
        assert grants.excess(session) == []


@pytest.fixture
def loosened(postgresql: str) -> Iterator[None]:
    """Somebody helpful gave the application more."""
    owner = make_engine(postgres.owner_of(postgresql))
    with owner.begin() as connection, engine().connect() as application:
        role = application.scalar(text("SELECT current_user"))
        connection.exec_driver_sql(f"GRANT UPDATE, TRUNCATE ON ledger_line TO {role}")
        connection.exec_driver_sql(f"GRANT DELETE ON ledger_account TO {role}")
        connection.exec_driver_sql(f"GRANT CREATE ON SCHEMA public TO {role}")
        connection.exec_driver_sql(f"CREATE TABLE task_note (id integer); ALTER TABLE task_note OWNER TO {role}")
    yield
    with owner.begin() as connection:
        connection.exec_driver_sql("DROP TABLE task_note")
    owner.dispose()


@pytest.mark.usefixtures("loosened")
def test_rights_too_many_are_named() -> None:
    with reading() as session:
        assert grants.excess(session) == [
            "owns task_note", "may DELETE ledger_account", "may UPDATE ledger_line", "may TRUNCATE ledger_line",
            "may create tables",
        ]  # fmt: skip


@pytest.mark.usefixtures("loosened")
def test_giving_the_rights_anew_takes_away_what_is_too_much(postgresql: str) -> None:
    owner = make_engine(postgres.owner_of(postgresql))
    with owner.begin() as connection, engine().connect() as application:
        grants.give(connection, application.scalar(text("SELECT current_user")))
    owner.dispose()
    with reading() as session:
        assert grants.excess(session) == ["owns task_note"]


def test_a_superuser_is_named_as_one(postgresql: str) -> None:
    owner = make_engine(postgres.owner_of(postgresql))
    with Session(owner) as session:
        assert grants.excess(session) == ["is a superuser"]
    owner.dispose()
