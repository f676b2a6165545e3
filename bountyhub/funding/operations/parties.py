"""The random names under which backers appear in the public books; called when money arrives.

One backer has one name in a task. What they gave by name and what they gave anonymously have two: one name for both
would tell who is behind the anonymous one.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Party
from bountyhub.kit import ids


def name_party(session: Session, contribution: Contribution) -> None:
    """Give a contribution its backer's name in this task; the caller holds the task's lock."""
    query = (
        select(Party.ref)
        .join(Contribution, Contribution.id == Party.contribution_id)
        .where(Contribution.task_id == contribution.task_id, _same_backer(contribution))
    )
    ref = session.scalars(query.order_by(Party.contribution_id).limit(1)).first()
    session.add(Party(contribution_id=contribution.id, ref=ref or ids.new_ref()))
    session.flush()


def _same_backer(contribution: Contribution) -> ColumnElement[bool]:
    if contribution.person_id is None:
        return Contribution.person_id.is_(None) & (Contribution.email == contribution.email)
    return (Contribution.person_id == contribution.person_id) & (Contribution.anonymous == contribution.anonymous)
