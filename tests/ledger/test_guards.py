"""The database itself refuses what would spoil the books, whoever asks, in plain SQL, on both engines.

Asked as the tables' owner, whom only the guards stop; what the application's role may not even try: test_grants.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine, inspect, text

from bountyhub.kit import migrate
from bountyhub.kit.database import engine, reading
from bountyhub.ledger import guards
from bountyhub.ledger.log.models import CheckpointRow, Leaf, Node, Salt
from bountyhub.ledger.models import Account, Entry, Line, Seal
from tests.conftest import MakeDatabase
from tests.ledger.books import example_a
from tests.ledger.guard_cases import CLEARED, COST, ENTRY, SEAL, refusal, rows, run
from tests.ledger.guard_cases_log import ALL_CASES, LOGGED, prepare
from tests.ledger.guard_list import configured
from tests.ledger.log.books import seal, use_settings
from tests.servers import postgres


@pytest.mark.usefixtures("owned")
def test_the_database_refuses_whatever_would_spoil_the_books() -> None:
    prepare()
    before, here = rows(), engine().dialect.name
    for case in ALL_CASES:
        if by := case.by.get(here):
            said = refusal(case)
            assert said, f"{case.guard}: {case.tried} was not refused"
            assert re.search(by, said), f"{case.guard}: {case.tried} was refused by another guard: {said}"
    assert rows() == before


@pytest.mark.long
@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_no_trigger_can_be_missing(kind: str, request: pytest.FixtureRequest) -> None:
    """Without any one of them, something that must be refused is let through, or refused by chance."""
    make: MakeDatabase = request.getfixturevalue("postgres_database" if kind == "postgresql" else "sqlite_database")
    for trigger in sorted(guards.POSTGRESQL if kind == "postgresql" else guards.SQLITE):
        with configured(postgres.owner_of(make())):
            prepare()
            drop_trigger(trigger)
            said = ((case.by[kind], refusal(case) or "") for case in ALL_CASES if kind in case.by)
            assert not all(re.search(by, each) for by, each in said), f"nobody misses {trigger}"


def drop_trigger(name: str) -> None:
    with engine().begin() as connection:
        found = "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = :name"
        if connection.dialect.name == "postgresql":
            name += f" ON {connection.scalar(text(found), {'name': name})}"
        connection.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.usefixtures("owned")
def test_the_database_takes_a_sound_entry_in_plain_sql() -> None:
    """The other tests of this file would pass for a database that refuses everything."""
    example_a()
    run([ENTRY, COST, CLEARED, SEAL])
    with reading() as session:
        assert session.scalar(text("SELECT balance FROM ledger_account WHERE path = 'cost/processor'")) == 207


@pytest.mark.usefixtures("owned")
def test_the_database_lets_a_salt_be_deleted() -> None:
    use_settings()
    example_a()
    seal()
    run([f"DELETE FROM ledger_salt WHERE entry_id = {LOGGED}"])
    with reading() as session:
        assert session.scalar(text("SELECT count(*) FROM ledger_salt")) == 5


def test_all_guards_are_there_after_up_down_up(owned: str) -> None:
    migrate.downgrade(owned, "base")
    empty = create_engine(owned)
    with empty.connect() as connection:
        names = "SELECT proname FROM pg_proc WHERE proname LIKE 'ledger_%'"
        left = "SELECT name FROM sqlite_master WHERE name LIKE 'ledger_%'"
        assert connection.execute(text(left if empty.dialect.name == "sqlite" else names)).all() == []
    empty.dispose()
    migrate.upgrade(owned)
    with reading() as session:
        assert guards.on_duty(session) == guards.expected(session)


@pytest.mark.usefixtures("owned")
def test_models_and_migration_name_the_same_columns() -> None:
    found = inspect(engine())
    for table in (Account, Entry, Line, Seal, Leaf, Node, CheckpointRow, Salt):
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.__tablename__)}
        assert columns == {column.name: bool(column.nullable) for column in table.__table__.columns}
