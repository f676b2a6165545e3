"""The instance's database on each engine: made at the newest schema, kept as a copy, put back. Used by instance.py."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text

from tests.servers import postgres

_numbers = itertools.count()


class Engine(Protocol):
    """A database that can be copied while nobody uses it."""

    name: str
    url: str

    def keep(self, name: str) -> None:
        """Remember the database as it is."""

    def put_back(self, name: str) -> None:
        """Make it again what it was."""

    def drop(self) -> None:
        """Leave nothing behind."""


def copy_file(source: Path, target: Path) -> None:
    """A SQLite file with all that is committed, also what a killed process left in its log."""
    forget_file(target)
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()


def forget_file(path: Path) -> None:
    """Remove a SQLite file with its log."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


class SqliteEngine:
    """One file, and a file for each copy."""

    name = "SQLite"

    def __init__(self, template: Path, folder: Path) -> None:
        self._file, self._folder = folder / "bountyhub.db", folder
        shutil.copyfile(template, self._file)
        self.url = f"sqlite:///{self._file}"

    def keep(self, name: str) -> None:
        copy_file(self._file, self._folder / f"{name}.db")

    def put_back(self, name: str) -> None:
        copy_file(self._folder / f"{name}.db", self._file)

    def drop(self) -> None:
        """The folder goes with the test."""


class PostgresEngine:
    """One database, and a database for each copy."""

    name = "PostgreSQL"

    def __init__(self, worker: int) -> None:
        self._name = f"{postgres.prefix()}_crash_{worker}_{next(_numbers)}"
        self.url = postgres.create_database(self._name)
        self._server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
        self._kept: set[str] = set()

    def keep(self, name: str) -> None:
        self._copy(self._name, f"{self._name}_{name}")
        self._kept.add(name)

    def put_back(self, name: str) -> None:
        self._copy(f"{self._name}_{name}", self._name)

    def drop(self) -> None:
        for name in [self._name, *(f"{self._name}_{kept}" for kept in self._kept)]:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._server.dispose()

    def _copy(self, source: str, target: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))
