"""`bountyhub migrate` with two roles on PostgreSQL, and programs of the application that meet an older schema."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from bountyhub.cli.migrating import migrate_or_refuse
from bountyhub.kit import database, migrate
from bountyhub.kit.database import transaction
from bountyhub.ledger import grants
from bountyhub.settings import SettingsError
from tests.builders.settings import play_settings
from tests.cli.conftest import Command
from tests.ledger.books import example_a
from tests.servers import postgres

_numbers = itertools.count()


@pytest.fixture
def owner(postgres_url: str, worker_number: int) -> Iterator[str]:
    """An empty database, as the role that will own its tables; the application's role exists."""
    name = f"{postgres.prefix()}_{worker_number}_roles_{next(_numbers)}"
    postgres.ensure_role()
    yield postgres.create_empty_database(name)
    database.configure("sqlite://")
    postgres.drop_database(name)


@pytest.fixture
def two_roles(owner: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`bountyhub …` on it."""
    monkeypatch.setenv("DATABASE_URL", postgres.as_application(owner))
    monkeypatch.setenv("DATABASE_OWNER_URL", owner)
    return command


def test_the_owner_migrates_and_the_application_can_work(two_roles: Command) -> None:
    result = two_roles("migrate")
    assert result.output.startswith(f"The database is at {migrate.head()}, and "), result.output
    assert result.output.endswith("_app has the application's rights.\n")
    example_a()
    with transaction() as session:
        assert grants.excess(session) == []
    assert two_roles("migrate").exit_code == 0


def test_the_application_alone_can_not_migrate_and_says_who_can(
    owner: str, two_roles: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")
    result = two_roles("migrate")
    assert result.exit_code == 2
    assert "the role that owns the tables in DATABASE_OWNER_URL" in result.stderr
    with pytest.raises(SettingsError, match="Run: bountyhub migrate"):
        migrate_or_refuse(play_settings(DATABASE_URL=postgres.as_application(owner)))


def test_two_databases_are_not_taken_for_one(two_roles: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres.as_application(postgres.server_url()))
    result = two_roles("migrate")
    assert (result.exit_code, "not at the newest schema" in result.stderr) == (2, True)


def test_sqlite_has_no_roles(sqlite: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", sqlite)
    assert "DATABASE_OWNER_URL: SQLite has no roles" in command("migrate").stderr


def test_one_role_for_both_is_refused(two_roles: Command, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", owner)
    assert "is the application's role too" in two_roles("migrate").stderr


def test_the_doctor_wants_two_roles_in_production(
    two_roles: Command, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_roles("migrate")
    assert "✓ database roles: the application's role owns nothing" in two_roles("doctor", "--production").output
    monkeypatch.setenv("DATABASE_URL", owner)
    told = two_roles("doctor", "--production").output
    assert "✗ database roles: the application's role is a superuser. Name the owner in DATABASE_OWNER_URL" in told
