"""A small document store in one SQLite file, shared by the sandboxes' HTTP threads.

Documents are JSON objects kept by (kind, id); the sandboxes are small, so finding is done in Python over one
kind, except by the one indexed `ref` that a document may carry.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS doc (
    kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT, body TEXT NOT NULL, UNIQUE (kind, id));
CREATE INDEX IF NOT EXISTS doc_ref ON doc (kind, ref);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class Tx:
    """One open transaction: everything it writes is kept, or nothing is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, kind: str, id: str, body: Doc, ref: str | None = None) -> Doc:
        """Insert or replace a document; `ref` is its one indexed look-up key (kept when None on replace)."""
        self._connection.execute(
            "INSERT INTO doc (kind, id, ref, body) VALUES (?, ?, ?, ?) ON CONFLICT (kind, id)"
            " DO UPDATE SET body = excluded.body, ref = coalesce(excluded.ref, doc.ref)",
            (kind, id, ref, json.dumps(body)),
        )
        return body

    def get(self, kind: str, id: str) -> Doc | None:
        query = "SELECT body FROM doc WHERE kind = ? AND id = ?"
        row = self._connection.execute(query, (kind, id)).fetchone()
        return None if row is None else json.loads(row[0])

    def delete(self, kind: str, id: str) -> None:
        self._connection.execute("DELETE FROM doc WHERE kind = ? AND id = ?", (kind, id))

    def all(self, kind: str, *, ref: str | None = None, newest_first: bool = False) -> list[Doc]:
        """Every document of a kind in the order it was first stored, or only those with this `ref`."""
        query = "SELECT body FROM doc WHERE kind = ?" + ("" if ref is None else " AND ref = ?")
        query += " ORDER BY seq DESC" if newest_first else " ORDER BY seq"
        values = (kind,) if ref is None else (kind, ref)
        return [json.loads(row[0]) for row in self._connection.execute(query, values)]

    def find(self, kind: str, **equals: Any) -> list[Doc]:
        """Documents of a kind whose top-level fields equal the given values (a scan)."""
        return [doc for doc in self.all(kind) if all(doc.get(k) == v for k, v in equals.items())]

    def next(self, name: str, start: int = 1, count: int = 1) -> int:
        """The next number of a named counter, beginning at `start`; the first of so many that are taken at once."""
        row = self._connection.execute(
            "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name)"
            " DO UPDATE SET value = value + ? RETURNING value",
            (name, start + count - 1, count),
        ).fetchone()
        return int(row[0]) - count + 1


class Store:
    """The file; every transaction takes the process's lock, so sandbox requests are serial and simple."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """A read-write transaction; nested use joins the outer one."""
        with self._lock:
            if self._depth:
                yield Tx(self._connection)
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield Tx(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def close(self) -> None:
        with self._lock:
            self._connection.close()
