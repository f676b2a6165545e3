"""How a wrong state is planted in copies of both sides' files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

Plant = Callable[[sqlite3.Connection, sqlite3.Connection], None]


def one(theirs: sqlite3.Connection, kind: str, **wanted: Any) -> dict[str, Any]:
    for (body,) in theirs.execute("SELECT body FROM doc WHERE kind = ? ORDER BY seq", (kind,)):
        found: dict[str, Any] = json.loads(body)
        if all(found.get(name) == value for name, value in wanted.items()):
            return found
    raise LookupError(kind)


def put(theirs: sqlite3.Connection, kind: str, body: dict[str, Any]) -> None:
    theirs.execute("DELETE FROM doc WHERE kind = ? AND id = ?", (kind, body["id"]))
    theirs.execute("INSERT INTO doc (kind, id, body) VALUES (?, ?, ?)", (kind, body["id"], json.dumps(body)))


def drop(theirs: sqlite3.Connection, kind: str, body: dict[str, Any]) -> None:
    theirs.execute("DELETE FROM doc WHERE kind = ? AND id = ?", (kind, body["id"]))


def without_guards(ours: sqlite3.Connection) -> None:
    for (name,) in ours.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        ours.execute(f'DROP TRIGGER "{name}"')
