"""Takes booked entries into the log. Only this writes its tables; nothing that is posted ever waits for it, but on
SQLite, where whoever writes is alone: there it waits for one batch, which is read and hashed before (`prepare`).

One sealer works at a time: on PostgreSQL a second one steps aside, on SQLite it waits its turn. The database's own
guard (a leaf follows the last one) refuses a fork even if both believed to be alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bountyhub.kit import clock, ids
from bountyhub.ledger.log import encoding, keys, merkle, store, tiles
from bountyhub.ledger.log.encoding import BodyLine
from bountyhub.ledger.log.entries import body, lines_of, private
from bountyhub.ledger.log.models import CheckpointRow, Leaf, Node, Salt
from bountyhub.ledger.models import Entry

#: A few milliseconds of writing: on SQLite a posting may have to wait for them.
BATCH = 100
#: Ids are given before the commit, so an entry may appear below others that are sealed: so far back each run looks.
LOOK_BACK = 10_000

_TAKE_TURN = text("SELECT pg_try_advisory_xact_lock(hashtext('bountyhub ledger log'))")


@dataclass(frozen=True)
class Prepared:
    """An entry that is to be a leaf; nothing of it depends on where in the log it comes."""

    entry: int
    salt: bytes
    details: str
    hash: bytes


def seal(session: Session, *, whole: bool = False, batch: int | None = None) -> int:
    """Take the next entries into the log, in id order, and sign a checkpoint; how many (0: none, or not our turn)."""
    return append(session, prepare(session, whole=whole, batch=batch))


def prepare(session: Session, *, whole: bool = False, batch: int | None = None) -> list[Prepared]:
    """The next entries that are in no log, in id order. Reads only: entries never change.

    `whole` looks through all entries for one that committed very late.
    """
    entries = _waiting(session, whole, batch or BATCH)
    lines = lines_of(session, [entry.id for entry in entries])
    return [_prepared(entry, lines[entry.id]) for entry in entries]


def append(session: Session, entries: Sequence[Prepared]) -> int:
    """Make them leaves and sign a checkpoint; how many were no leaves yet (0 also when it is not our turn)."""
    if not entries or not _our_turn(session):
        return 0
    there = set(session.scalars(select(Leaf.entry_id).where(Leaf.entry_id.in_([one.entry for one in entries]))))
    entries = [one for one in entries if one.entry not in there]
    if entries:
        _append(session, entries)
    return len(entries)


def _prepared(entry: Entry, lines: Sequence[BodyLine]) -> Prepared:
    salt = ids.new_salt()
    details = encoding.commitment(salt, private(entry))
    return Prepared(entry.id, salt, details, merkle.leaf_hash(encoding.encode(body(entry, lines, details))))


def _our_turn(session: Session) -> bool:
    if session.get_bind().dialect.name != "postgresql":
        return True  # whoever writes to SQLite is alone
    return bool(session.scalar(_TAKE_TURN))


def _waiting(session: Session, whole: bool, batch: int) -> Sequence[Entry]:
    last = session.scalar(select(Leaf.entry_id).order_by(Leaf.entry_id.desc()).limit(1)) or 0
    since = 0 if whole else max(0, last - LOOK_BACK)
    query = select(Entry).outerjoin(Leaf, Leaf.entry_id == Entry.id).where(Entry.id > since, Leaf.entry_id.is_(None))
    return session.scalars(query.order_by(Entry.id).limit(batch)).all()


def _append(session: Session, entries: Sequence[Prepared]) -> None:
    """Leaves, salts, the hashes they fill, and the signed root; in one transaction with each other."""
    size = store.size(session)
    edge = tiles.Edge.at(size, store.kept(session, [size]) if size else {})
    kept: dict[tuple[int, int], bytes] = {}
    leaves, salts = [], []
    for number, one in enumerate(entries, size):
        kept |= edge.append(one.hash)
        leaves.append({"number": number, "entry_id": one.entry, "hash": one.hash, "details": one.details})
        salts.append({"entry_id": one.entry, "salt": one.salt})
    nodes = [{"level": level, "number": number, "hash": hash} for (level, number), hash in kept.items() if level]
    session.execute(insert(Leaf), leaves)
    session.execute(insert(Salt), salts)
    if nodes:
        session.execute(insert(Node), nodes)
    root = edge.root()
    note = keys.signer().note(edge.size, root)
    session.execute(insert(CheckpointRow).values(size=edge.size, root=root, note=note, at=clock.now()))
