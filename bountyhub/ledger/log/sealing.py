"""Takes booked entries into the log. Only this writes its tables; nothing that is posted ever waits for it.

One sealer works at a time: on PostgreSQL a second one steps aside, on SQLite it waits its turn. The database's own
guard (a leaf follows the last one) refuses a fork even if both believed to be alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bountyhub.kit import clock, ids
from bountyhub.ledger.log import encoding, keys, merkle, store, tiles
from bountyhub.ledger.log.entries import lines_of, private, public
from bountyhub.ledger.log.models import CheckpointRow, Leaf, Node, Salt
from bountyhub.ledger.models import Entry

BATCH = 500
#: Ids are given before the commit, so an entry may appear below others that are sealed: so far back each run looks.
LOOK_BACK = 10_000

_TAKE_TURN = text("SELECT pg_try_advisory_xact_lock(hashtext('bountyhub ledger log'))")


def seal(session: Session, *, whole: bool = False, batch: int | None = None) -> int:
    """Take the next entries into the log, in id order, and sign a checkpoint; how many (0: none, or not our turn).

    `whole` looks through all entries for one that committed very late.
    """
    if not _our_turn(session):
        return 0
    entries = _waiting(session, whole, batch or BATCH)
    if entries:
        _append(session, entries)
    return len(entries)


def _our_turn(session: Session) -> bool:
    if session.get_bind().dialect.name != "postgresql":
        return True  # whoever writes to SQLite is alone
    return bool(session.scalar(_TAKE_TURN))


def _waiting(session: Session, whole: bool, batch: int) -> Sequence[Entry]:
    last = session.scalar(select(Leaf.entry_id).order_by(Leaf.entry_id.desc()).limit(1)) or 0
    since = 0 if whole else max(0, last - LOOK_BACK)
    query = select(Entry).outerjoin(Leaf, Leaf.entry_id == Entry.id).where(Entry.id > since, Leaf.entry_id.is_(None))
    return session.scalars(query.order_by(Entry.id).limit(batch)).all()


def _append(session: Session, entries: Sequence[Entry]) -> None:
    """Leaves, salts, the hashes they fill, and the signed root; in one transaction with each other."""
    size = store.size(session)
    edge = tiles.Edge.at(size, store.kept(session, [size]) if size else {})
    lines = lines_of(session, [entry.id for entry in entries])
    kept: dict[tuple[int, int], bytes] = {}
    leaves, salts = [], []
    for number, entry in enumerate(entries, size):
        salt = ids.new_salt()
        details = encoding.commitment(salt, private(entry))
        hash = merkle.leaf_hash(encoding.encode(public(entry, lines[entry.id], details)))
        kept |= edge.append(hash)
        leaves.append({"number": number, "entry_id": entry.id, "hash": hash, "details": details})
        salts.append({"entry_id": entry.id, "salt": salt})
    nodes = [{"level": level, "number": number, "hash": hash} for (level, number), hash in kept.items() if level]
    session.execute(insert(Leaf), leaves)
    session.execute(insert(Salt), salts)
    if nodes:
        session.execute(insert(Node), nodes)
    root = edge.root()
    note = keys.signer().note(edge.size, root)
    session.execute(insert(CheckpointRow).values(size=edge.size, root=root, note=note, at=clock.now()))
