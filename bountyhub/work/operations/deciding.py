"""Who may decide about a claim; every verb of a decider asks here first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.people.models import Identity
from bountyhub.people.operations import OPERATOR, Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects.rules import is_decider
from bountyhub.work.errors import NotADecider, OnAuthorSide
from bountyhub.work.models import Claim


def on_author_side(session: Session, claim: Claim, actor: Actor) -> bool:
    """Whether the actor wrote (a part of) the pull request or is in its split, under any of their forge accounts."""
    paid = [claim.author_id, *map(int, claim.split)]
    query = select(Identity).where(Identity.id.in_(paid) | Identity.forge_id.in_(claim.co_author_ids))
    side = list(session.scalars(query))
    persons = {identity.person_id for identity in side} - {None}
    return actor.identity_id in {identity.id for identity in side} or actor.person_id in persons


def require_decider(session: Session, claim: Claim, actor: Actor, permission: Permission) -> None:
    """The operator, or a decider who is not on the author side; raises NotADecider, OnAuthorSide."""
    if actor == OPERATOR:
        return
    if not is_decider(permission):
        raise NotADecider()
    if on_author_side(session, claim, actor):
        raise OnAuthorSide()
