"""The log as it is kept: its size, the hashes around some leaves, checkpoints and proofs. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bountyhub.kit.errors import DomainError, NotFound
from bountyhub.ledger.log import merkle, tiles
from bountyhub.ledger.log.encoding import NotSealed
from bountyhub.ledger.log.models import CheckpointRow, Leaf, Node


class LogDamaged(DomainError):
    """Leaves or kept hashes that must be there are not: nothing can be proven."""

    status = 503
    code = "log_damaged"
    advice = "Nothing can be proven now. Whoever runs this site sees with `bountyhub ledger verify` what is missing."


@dataclass(frozen=True)
class Inclusion:
    """That a leaf is in the log that a checkpoint tells of."""

    number: int
    leaf: bytes
    proof: list[bytes]
    checkpoint: CheckpointRow


@dataclass(frozen=True)
class Consistency:
    """That the log of the second checkpoint only adds to the one of the first."""

    first: CheckpointRow
    second: CheckpointRow
    proof: list[bytes]


def size(session: Session) -> int:
    """How many leaves there are."""
    last = session.scalar(select(func.max(Leaf.number)))
    return 0 if last is None else last + 1


def newest_checkpoint(session: Session) -> CheckpointRow | None:
    """What was told last, None before the first entry was sealed."""
    return session.scalar(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1))


def checkpoint(session: Session, size: int | None = None) -> CheckpointRow:
    """The checkpoint of a size, or the newest; raises NotFound."""
    found = newest_checkpoint(session) if size is None else session.get(CheckpointRow, size)
    if found is None and size is None:
        raise NotFound("Nothing was sealed yet.", advice="The first entry is sealed within a minute.")
    if found is None:
        raise NotFound(f"There is no checkpoint of {size} entries.", advice="See /api/v1/ledger/checkpoints.")
    return found


def checkpoints(session: Session, after: int, limit: int) -> Sequence[CheckpointRow]:
    """The next checkpoints above a size."""
    query = select(CheckpointRow).where(CheckpointRow.size > after).order_by(CheckpointRow.size).limit(limit)
    return session.scalars(query).all()


def inclusion(session: Session, entry: int, size: int | None = None) -> Inclusion:
    """Proof that an entry is in the log of this size (the newest checkpoint's).

    Raises NotSealed, NotFound and LogDamaged.
    """
    told = checkpoint(session, size) if size is not None else newest_checkpoint(session)
    leaf = session.scalar(select(Leaf).where(Leaf.entry_id == entry))
    if leaf is None or told is None or (size is None and leaf.number >= told.size):
        raise NotSealed(f"Entry {entry} is not in the log yet.", entry=entry)
    if leaf.number >= told.size:
        raise NotFound(f"Entry {entry} came after the first {told.size}.", advice=f"It is number {leaf.number + 1}.")
    subtree = tiles.subtrees(kept(session, [leaf.number, told.size]))
    with _all_there():
        return Inclusion(leaf.number, leaf.hash, merkle.inclusion_proof(leaf.number, told.size, subtree), told)


def consistency(session: Session, first: int, second: int | None = None) -> Consistency:
    """Proof that the log of one checkpoint is a beginning of another's (the newest's).

    Raises NotFound and LogDamaged.
    """
    new, old = checkpoint(session, second), checkpoint(session, first)
    if old.size > new.size:
        old, new = new, old
    subtree = tiles.subtrees(kept(session, [old.size - 1, old.size, new.size]))
    with _all_there():
        return Consistency(old, new, merkle.consistency_proof(old.size, new.size, subtree))


@contextmanager
def _all_there() -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        level, number = error.args[0]
        what = f"leaf {number}" if not level else f"node {number} of level {level}"
        raise LogDamaged(f"The log is damaged: {what} is missing.", level=level, number=number) from None


def kept(session: Session, points: Sequence[int]) -> dict[tuple[int, int], bytes]:
    """The hashes in the tiles around these leaves; two queries, a few dozen rows."""
    wanted = list(tiles.around(points))
    leaves = or_(*(Leaf.number.between(begin, end - 1) for level, begin, end in wanted if not level))
    found = {(0, row.number): row.hash for row in session.execute(select(Leaf.number, Leaf.hash).where(leaves))}
    above = [
        and_(Node.level == level, Node.number.between(begin, end - 1)) for level, begin, end in wanted if level
    ]  # fmt: skip
    if above:
        rows = session.execute(select(Node.level, Node.number, Node.hash).where(or_(*above)))
        found |= {(row.level, row.number): row.hash for row in rows}
    return found
