"""Salts are all that links an entry's private part to its leaf in the log: who is forgotten loses theirs.

Leaves, proofs and checkpoints stay as they are. Called by `work.operations.forget`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bountyhub.ledger.log.models import Leaf, Salt


def all_made(session: Session, entry_ids: Collection[int]) -> bool:
    """Whether these entries are sealed: one that isn't gets its salt later, and nobody would delete it then."""
    sealed = select(func.count()).select_from(Leaf).where(Leaf.entry_id.in_(list(entry_ids)))
    return session.scalar(sealed) == len(set(entry_ids))


def forget(session: Session, entry_ids: Collection[int]) -> None:
    """Delete the salts of these entries, for good."""
    session.execute(delete(Salt).where(Salt.entry_id.in_(list(entry_ids))))
