"""The random names under which backers appear in the public books; called when money arrives.

What one person gives by name to a task has one name there. Everything else has a name of its own, each time: one name
for several would tell who is behind them. Signed out anybody can type anybody's address, and so ask whether it backs
the task; and what was paid that way is joined to its person later.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Party
from bountyhub.kit import ids


def name_party(session: Session, contribution: Contribution) -> None:
    """Give a contribution its backer's name in this task; the caller holds the task's lock."""
    ref = _name_of(session, contribution) or ids.new_ref()
    session.add(Party(contribution_id=contribution.id, ref=ref))
    session.flush()


def _name_of(session: Session, contribution: Contribution) -> str | None:
    if contribution.person_id is None or contribution.anonymous:
        return None
    query = (
        select(Party.ref)
        .join(Contribution, Contribution.id == Party.contribution_id)
        .where(
            Contribution.task_id == contribution.task_id, Contribution.person_id == contribution.person_id,
            Contribution.anonymous.is_(False),
        )
    )  # fmt: skip
    return session.scalars(query.order_by(Party.contribution_id).limit(1)).first()


def rename_party(session: Session, contribution: Contribution) -> None:
    """What was given by name is nameless from now on: the name it had would still tell whose it is."""
    party = session.get(Party, contribution.id)
    if party is not None:
        party.ref = ids.new_ref()
