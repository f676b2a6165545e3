"""The engine, the two ways to open a session, and the base of all tables.

`transaction()` is the only place that commits; `reading()` is for pages and look-ups. Operations receive the session.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

from bountyhub.kit import faults

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: A connection that was used this lately is taken to be alive still.
REST_SECONDS = 1.0

#: Errors of the database reach the logs and the outbox: they tell no values.
COMMON: dict[str, Any] = {"hide_parameters": True}


class Base(DeclarativeBase):
    """All tables; constraint names are spelled out so that migrations can name them on both engines."""

    metadata = MetaData(naming_convention=NAMING)


class NestedTransaction(RuntimeError):
    """A transaction was opened inside another: it would wait for itself."""


class NotConfigured(RuntimeError):
    """No database was configured in this process."""


Row = TypeVar("Row")

_engine: Engine | None = None
_local = threading.local()
_writer = threading.Lock()


def configure(url: str, *, pool_size: int = 10) -> Engine:
    """Bind this process to a database; a second call replaces the first (tests, worker forks)."""
    global _engine
    if _engine is not None:
        _engine.dispose()
    _engine = make_engine(url, pool_size=pool_size)
    return _engine


def engine() -> Engine:
    """The configured engine; raises NotConfigured before `configure`."""
    if _engine is None:
        raise NotConfigured("configure(url) was not called")
    return _engine


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for a `postgresql+psycopg://` or `sqlite:///` URL with this project's settings."""
    if url.startswith("sqlite"):
        made = create_engine(url, connect_args={"timeout": 10}, **COMMON)
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        event.listen(made, "reset", _reset_sqlite)
        return made
    made = create_engine(normal_url(url), pool_size=pool_size, max_overflow=10, **COMMON)
    event.listen(made, "checkin", _remember_use)
    event.listen(made, "checkout", _ask_whether_alive)
    os.register_at_fork(after_in_child=lambda: made.dispose(close=False))
    return made


def _remember_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_whether_alive(connection: Any, record: Any, _proxy: Any) -> None:
    """After some rest a connection may be dead: then the pool makes another. Asking each time costs a round trip."""
    used_at = record.info.get("used_at")
    if used_at is None or time.monotonic() - used_at < REST_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError() from error


def normal_url(url: str) -> str:
    """`postgres://` and `postgresql://` with the driver that is installed."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


_before_commit: list[Callable[[Session], None]] = []


@contextmanager
def transaction() -> Iterator[Session]:
    """One read-write unit of work: commits at the end, rolls back on any error; nesting is refused."""
    if getattr(_local, "open", False):
        raise NestedTransaction("a transaction is already open in this thread")
    session = Session(engine(), expire_on_commit=False)
    _local.open = True
    try:
        with _turn(), session:
            yield session
            for last in _before_commit:
                last(session)
            faults.point("commit.before")
            session.commit()
            faults.point("commit.after")
    finally:
        _local.open = False
    for call in session.info.get("after_commit", []):
        call()


def _turn() -> AbstractContextManager[object]:
    """SQLite has one writer at a time, and whoever waits for it sleeps ever longer: our threads queue here instead."""
    return _writer if engine().dialect.name == "sqlite" else nullcontext()


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only unit of work: on SQLite it doesn't take the write lock; closing it rolls back."""
    with Session(engine(), expire_on_commit=False, autoflush=False) as session:
        session.connection(execution_options={"reading": True})
        yield session


def see_one_state(session: Session) -> None:
    """Make all reads of a `reading()` session see one moment, not each its own; call it before the first of them.

    SQLite does so anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def before_commit(call: Callable[[Session], None]) -> Callable[[Session], None]:
    """Run `call` last in every transaction of this process, just before its commit: what it raises undoes all of it."""
    if call not in _before_commit:
        _before_commit.append(call)
    return call


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Run `call` once after the explicit commit of this transaction (never after a rollback or savepoint)."""
    calls = session.info.setdefault("after_commit", [])
    if call not in calls:
        calls.append(call)


def find_or_make(session: Session, find: Callable[[], Row | None], make: Callable[[], Row]) -> Row:
    """A row that two may want at the same moment: found, else made, else found where somebody else was quicker.

    `make` flushes; what it wrote is taken back when a unique constraint says that the row is there by now.
    """
    found = find()
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return make()
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "busy_timeout=10000", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """One connection turns a new file's journal over; the others are refused meanwhile, whatever the busy timeout."""
    for _ in range(100):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            time.sleep(0.1)
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _reset_sqlite(connection: Any, _record: Any, _state: Any) -> None:
    """A COMMIT that failed (deferred foreign key, full disk) leaves the transaction open, and with it the lock."""
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _begin_sqlite(connection: Any) -> None:
    reading_only = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading_only else "BEGIN IMMEDIATE")


__all__ = [
    "Base", "NestedTransaction", "NotConfigured", "after_commit", "before_commit", "configure", "engine",
    "find_or_make", "make_engine", "normal_url", "reading", "see_one_state", "transaction",
]  # fmt: skip
