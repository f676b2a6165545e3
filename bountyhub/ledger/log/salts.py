"""Salts are all that links an entry's private part to its leaf in the log: who is forgotten loses theirs.

Leaves, proofs and checkpoints stay as they are. Called by `work.operations.forget`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import column, delete, table
from sqlalchemy.orm import Session

_SALT = table("ledger_salt", column("entry_id"))


def forget(session: Session, entry_ids: Collection[int]) -> None:
    """Delete the salts of these entries, for good."""
    session.execute(delete(_SALT).where(_SALT.c.entry_id.in_(list(entry_ids))))
