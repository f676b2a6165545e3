"""Checks the log from scratch: every leaf against the books, every kept hash, every root ever signed. For `verify`.

One pass in the log's order; what is wrong is told as (where, what). Only a page of rows is in memory at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.errors import DomainError
from bountyhub.ledger.log import encoding, keys, late, merkle, signing, store, tiles
from bountyhub.ledger.log.models import CheckpointRow, Leaf, Node
from bountyhub.ledger.models import Entry

Problems = Iterator[tuple[str, str]]
PAGE = 2000
_decode = json.JSONDecoder().raw_decode

# Moments and lines are written by the database: that is most of the work, and there it is quick.
_ROWS = """
    SELECT f.number, f.entry_id, f.hash, f.details, e.id, e.kind, e.currency, {effective_at}, {recorded_at}, e.reverses,
        {lines}, s.salt, e.key, e.digest, e.actor, CAST(e.refs AS text), e.outside_id
    FROM ledger_leaf f LEFT JOIN ledger_entry e ON e.id = f.entry_id LEFT JOIN ledger_salt s ON s.entry_id = f.entry_id
    WHERE f.number < :size ORDER BY f.number
"""
_LINE = "a.path || ' ' || l.amount || ' ' || l.balance_after"
_LINES = "FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id WHERE l.entry_id = e.id"
_ON_POSTGRESQL = {
    **{name: f"to_char(e.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24\\:MI\\:SS.US\"Z\"')"
       for name in ("effective_at", "recorded_at")},
    "lines": f"(SELECT string_agg({_LINE}, chr(10) || 'line\\: ' ORDER BY l.account_id) {_LINES})",
}  # fmt: skip
_ON_SQLITE = {
    **{name: f"strftime('%Y-%m-%dT%H\\:%M\\:%S', e.{name} / 1000000, 'unixepoch') || "
             f"printf('.%06dZ', e.{name} % 1000000)" for name in ("effective_at", "recorded_at")},
    "lines": f"(SELECT group_concat(line, char(10) || 'line\\: ') FROM (SELECT {_LINE} AS line {_LINES} "  # noqa: S608
             "ORDER BY l.account_id))",
}  # fmt: skip


def problems(session: Session) -> Problems:
    """Everything that is wrong with the log, by object."""
    yield from _strange_words(session)
    yield from _late(session)
    yield from _walk(session)


def against(session: Session, note: str) -> list[str]:
    """What speaks against our history when held against a checkpoint that somebody kept."""
    try:
        told = signing.open_note(note, keys.believed())
    except DomainError as error:
        return [error.message]
    edge = tiles.Edge()
    hashes = session.execute(select(Leaf.hash).order_by(Leaf.number).limit(told.size).execution_options(yield_per=PAGE))
    for (hash,) in hashes:
        edge.append(hash)
    if edge.size < told.size:
        return [f"history was cut: it was of {told.size} entries, and only {edge.size} are left"]
    if edge.root() != told.root:
        return [f"history was changed: the first {told.size} entries are not those that were told"]
    return []


def _strange_words(session: Session) -> Problems:
    """A word with a space or a line's end could be read as two: no two books may have one encoding."""
    wrong = {"postgresql": "!~ '^[A-Za-z0-9_.\\:@/-]+$'", "sqlite": "GLOB '*[^A-Za-z0-9_.\\:@/-]*'"}
    strange = wrong[session.get_bind().dialect.name]
    statements = (
        f"SELECT 'account ' || id, path FROM ledger_account WHERE path {strange}",  # noqa: S608
        f"SELECT 'entry ' || id, kind || ' ' || currency FROM ledger_entry WHERE kind || currency {strange}",  # noqa: S608
    )
    for statement in statements:
        for where, word in session.execute(text(statement)):
            yield str(where), f"is called {word!r}, which can't be encoded"


def _late(session: Session) -> Problems:
    """Entries that should be in the log by now, while there is an alarm that there are such."""
    if not late.had_its_chance(session):
        return
    for id in session.scalars(late.late(session, clock.real_now()).order_by(Entry.id)):
        yield f"entry {id}", "was recorded more than an hour ago and is not in the log"


def _walk(session: Session) -> Problems:
    # In this order, because sealing may go on meanwhile: what is read first is there for all that is read later.
    checkpoints, nodes = _Checkpoints(session), _Nodes(session)
    size, edge = store.size(session), tiles.Edge()
    yield from nodes.too_many(size)
    for row in _rows(session, size):
        while row.number > edge.size:
            yield f"leaf {edge.size}", "is missing from the log"
            edge.append(merkle.EMPTY)
        if wrong := _wrong_leaf(row):
            yield wrong
        kept = edge.append(row.hash)
        if len(kept) > 1:
            yield from nodes.compare(kept)
        if edge.size == checkpoints.next:
            yield from checkpoints.compare(edge)
    yield from checkpoints.rest(edge.size)


def _rows(session: Session, size: int) -> Iterator[Any]:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    if on_postgresql:  # a cursor is planned for its first rows otherwise; this one is read to its end
        session.execute(text("SET LOCAL cursor_tuple_fraction = 1.0"))
    statement = _ROWS.format(**(_ON_POSTGRESQL if on_postgresql else _ON_SQLITE))
    yield from session.execute(text(statement), {"size": size}, execution_options={"yield_per": PAGE})


def _wrong_leaf(row: Any) -> tuple[str, str] | None:
    (_, entry, hash, details, there, kind, currency, effective_at, recorded_at, reverses, lines,
     salt, key, digest, actor, refs, outside_id) = row  # fmt: skip
    if there is None:
        return f"entry {entry}", f"is in the log as leaf {row.number} and not in the books"
    if salt is not None and encoding.commitment_of(salt, key, digest, actor, _decode(refs)[0], outside_id) != details:
        return f"entry {entry}", "was changed after it was sealed: key, digest, actor, references or outside id"
    found = encoding.body(entry, kind, currency, effective_at, recorded_at, reverses, lines or "", details)
    if merkle.leaf_hash(found) != hash:
        return f"entry {entry}", "was changed after it was sealed: kind, times, what it reverses or lines"
    return None


class _Nodes:
    """The kept hashes, level by level in the order in which the walk makes them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[int, Iterator[Any]] = {}
        query = select(Node.level, func.max(Node.number)).group_by(Node.level)
        self._last = {int(row[0]): int(row[1]) for row in session.execute(query)}

    def compare(self, made: dict[tuple[int, int], bytes]) -> Problems:
        for (level, number), hash in made.items():
            if level and self._next(level) != (number, hash):
                yield f"node {number} of level {level}", "of the log is missing or not the hash over its leaves"

    def too_many(self, size: int) -> Problems:
        for level, last in self._last.items():
            if last >= size >> tiles.STEP * level:
                yield f"node {last} of level {level}", "of the log covers leaves that are not there"

    def _next(self, level: int) -> tuple[int, bytes] | None:
        if level not in self._rows:
            query = select(Node.number, Node.hash).where(Node.level == level).order_by(Node.number)
            self._rows[level] = iter(self._session.execute(query, execution_options={"yield_per": PAGE}))
        row = next(self._rows[level], None)
        return None if row is None else (row.number, row.hash)


class _Checkpoints:
    """The roots that were signed, in order. After the first wrong one the others tell nothing new."""

    def __init__(self, session: Session) -> None:
        query = select(CheckpointRow.size, CheckpointRow.root, CheckpointRow.note).order_by(CheckpointRow.size)
        self._rows = iter(session.execute(query, execution_options={"yield_per": PAGE}))
        self._keys: list[bytes] = []
        self._changed = False
        self._row: Any = None
        self._advance()

    @property
    def next(self) -> int | None:
        """The size of the next one."""
        return None if self._row is None else int(self._row.size)

    def compare(self, edge: tiles.Edge) -> Problems:
        row = self._row
        self._advance()
        if wrong := self._wrong_note(row):
            yield f"checkpoint {row.size}", wrong
        if not self._changed and row.root != edge.root():
            self._changed = True
            yield f"checkpoint {row.size}", "was signed for another history: leaves up to there were changed"

    def rest(self, size: int) -> Problems:
        while self._row is not None:
            yield f"checkpoint {self._row.size}", f"was signed for more than the {size} leaves that are left"
            self._advance()

    def _wrong_note(self, row: Any) -> str | None:
        self._keys = self._keys or keys.believed()  # a site without any checkpoint needs no key yet
        try:
            told = signing.open_note(row.note, self._keys)
        except DomainError as error:
            return f"can't be believed: {error.message}"
        return None if (told.size, told.root) == (row.size, row.root) else "is not what its signed text says"

    def _advance(self) -> None:
        self._row = next(self._rows, None)
