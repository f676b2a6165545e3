"""Which entries are about somebody: what the log forgets with them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bountyhub.ledger.models import Account, Entry, Line


def entries_about(
    session: Session, *, contributions: Collection[str], owners: Collection[str], actors: Collection[str]
) -> list[int]:
    """Entries about these contributions and no others, about these shares and transfers, or caused by these actors.

    What is about several backers is not among them: the others' proofs need its salt. Only entries of older versions
    name a person as their actor.
    """
    touched = select(Line.entry_id).join(Account, Account.id == Line.account_id)
    theirs = touched.where(Account.contribution.in_(contributions))
    others = touched.where(Account.contribution.is_not(None), Account.contribution.not_in(contributions))
    alone = Entry.id.in_(theirs) & Entry.id.not_in(others.where(Line.entry_id.in_(theirs)))
    owned = Entry.id.in_(touched.where(Account.owner.in_(owners)))
    return list(session.scalars(select(Entry.id).where(or_(alone, owned, Entry.actor.in_(actors))).order_by(Entry.id)))
