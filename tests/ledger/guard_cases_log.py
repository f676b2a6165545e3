"""What the database refuses of the log that proves the books, as `guard_cases`; the log is sealed before."""

from __future__ import annotations

from collections.abc import Iterator

from tests.ledger.books import example_a, top_up
from tests.ledger.guard_cases import (
    APPEND_ONLY,
    CASES,
    CLEARED,
    COST,
    ENTRY,
    POSTGRESQL,
    SEAL,
    SQLITE,
    Case,
    both,
)
from tests.ledger.log.books import book, seal, use_settings

LEAVES = 16
LEAF = (
    "INSERT INTO ledger_leaf (number, entry_id, hash, details) SELECT {}, {}, hash, details FROM ledger_leaf"
    " WHERE number = 0"
)
CHECKPOINT = "INSERT INTO ledger_checkpoint (size, root, note, at) SELECT {}, root, note, at FROM ledger_checkpoint"
LOGGED = "(SELECT entry_id FROM ledger_leaf WHERE number = 0)"
UNSEALED = (ENTRY, COST, CLEARED, SEAL)


def prepare() -> None:
    """The books that every case is tried on: example A, another currency, and enough for a kept hash, all sealed."""
    use_settings()
    example_a()
    top_up(100, "USD")
    book(9)
    assert seal() == LEAVES


def _cases() -> Iterator[Case]:
    guard = "append-only log"
    for name, changed in {"leaf": "details = 'x'", "node": "number = 7", "checkpoint": "note = 'x'"}.items():
        yield both(guard, f"change a {name}", APPEND_ONLY, f"UPDATE ledger_{name} SET {changed}")
        yield both(guard, f"delete a {name}", APPEND_ONLY, f"DELETE FROM ledger_{name}")
    changed = "UPDATE ledger_salt SET salt = (SELECT hash FROM ledger_leaf LIMIT 1)"
    yield both(guard, "change a salt", APPEND_ONLY, changed, sqlite="a salt is not changed")
    for name in ("leaf", "node", "checkpoint", "salt"):
        truncate = f"TRUNCATE ledger_{name} CASCADE"
        yield Case(guard, f"truncate {name}", [truncate], {POSTGRESQL: f"ledger_{name} is append-only"})
    yield from _replacing()
    yield from _following()


def _replacing() -> Iterator[Case]:
    for name, statement in {
        "leaf": LEAF.format(LEAVES, LOGGED),
        "node": "INSERT INTO ledger_node (level, number, hash) SELECT level, number, zeroblob(32) FROM ledger_node",
        "checkpoint": CHECKPOINT.format(LEAVES),
        "salt": f"INSERT INTO ledger_salt (entry_id, salt) VALUES ({LOGGED}, zeroblob(32))",
    }.items():
        replace = statement.replace("INSERT", "INSERT OR REPLACE")
        by = "a checkpoint is of the whole log" if name == "checkpoint" else f"a {name} is not replaced"
        yield Case("append-only log", f"replace a {name}", [replace], {SQLITE: by})


def _following() -> Iterator[Case]:
    guard, next_one = "one log", "a leaf follows the last one"
    whole = "a checkpoint is of the whole log"
    yield both(guard, "a leaf that leaves a gap", next_one, *UNSEALED, LEAF.format(LEAVES + 4, 900))
    yield both(
        guard, "a leaf in another's place", next_one, *UNSEALED, LEAF.format(3, 900),
        sqlite=f"{next_one}|a leaf is not replaced",
    )  # fmt: skip
    again = LEAF.format(LEAVES, LOGGED)
    yield both(guard, "a second leaf of an entry", "uq_ledger_leaf_entry_id", again, sqlite="a leaf is not replaced")
    yield both(guard, "a leaf for no entry", "fk_ledger_leaf_entry_id", LEAF.format(LEAVES, 901), sqlite="FOREIGN KEY")
    short = {POSTGRESQL: r"'\x01'::bytea", SQLITE: "x'01'"}
    for kind, value in short.items():
        node = f"INSERT INTO ledger_node (level, number, hash) VALUES (9, 0, {value})"
        yield Case(guard, f"a hash of another length ({kind})", [node], {kind: "ck_ledger_node_hash"})
    yield both(guard, "a checkpoint of a log that isn't there", whole, CHECKPOINT.format(LEAVES + 1))
    yield both(guard, "a second checkpoint of a size", whole, CHECKPOINT.format(LEAVES))
    yield both(guard, "a checkpoint of a part", whole, CHECKPOINT.format(5))
    salt = "INSERT INTO ledger_salt (entry_id, salt) SELECT 901, hash FROM ledger_leaf WHERE number = 0"
    yield both(guard, "a salt for no entry", "fk_ledger_salt_entry_id", salt, sqlite="FOREIGN KEY")


ALL_CASES = (*CASES, *_cases())
