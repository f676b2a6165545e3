"""Who looks at a page and what the forge last said they may do there: decides which buttons are drawn.

Every action asks the forge again; a button too many is refused, a button too few is what this is for.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.people.models import Identity
from bountyhub.ports.forge import Permission
from bountyhub.projects import queries as projects
from bountyhub.projects.rules import is_decider, is_maintainer
from bountyhub.work.models import Claim


@dataclass(frozen=True)
class Viewer:
    """The reader of a page; all empty for somebody signed out."""

    person_id: int | None = None
    identity_ids: frozenset[int] = frozenset()
    forge_ids: frozenset[int] = frozenset()
    permission: Permission = Permission.NONE

    @property
    def decides(self) -> bool:
        """May decide about claims and cancel tasks."""
        return is_decider(self.permission)

    @property
    def maintains(self) -> bool:
        """May merge, and so open tasks."""
        return is_maintainer(self.permission)

    def on_author_side(self, claim: Claim) -> bool:
        """Wrote (a part of) the claim's pull request, or is in its split."""
        paid = {claim.author_id, *map(int, claim.split)}
        return bool(self.identity_ids & paid or self.forge_ids & set(claim.co_author_ids))


def viewer(session: Session, person_id: int | None, repository_id: int | None = None) -> Viewer:
    """The reader with their forge accounts and their permission in a repository; two queries, none signed out."""
    if person_id is None:
        return Viewer()
    identities = session.scalars(select(Identity).where(Identity.person_id == person_id)).all()
    permission = projects.permission_of(session, repository_id, person_id) if repository_id else Permission.NONE
    return Viewer(person_id, frozenset(i.id for i in identities), frozenset(i.forge_id for i in identities), permission)
