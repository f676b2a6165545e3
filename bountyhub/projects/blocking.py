"""Blocking people from a project and taking that back. Called by `work.operations.blocking`, which tells who shows it.

What a block means is docs/decisions/0043-blocked-people.md; it takes nobody's money.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.people.models import Identity
from bountyhub.people.operations import Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects.errors import BlockedHere, BlockRefused, BlockWrong
from bountyhub.projects.models import Block, Project
from bountyhub.projects.queries import block_of
from bountyhub.projects.rules import is_decider, may_block

LONGEST_REASON = 500
#: A list longer than this is a policy, not a list of people.
MOST_BLOCKS = 1000


def block(
    session: Session, project_id: int, actor: Actor, own: Permission, identity: Identity, theirs: Permission,
    reason: str,
) -> Block:  # fmt: skip
    """Block a forge account; blocking it again changes the reason. `theirs`: the most it may do in the project.

    The caller has checked that the actor maintains the project. Raises BlockRefused, BlockWrong.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise BlockWrong("Write a reason: they and the other maintainers read it.", field="reason")
    _require_lesser(actor, own, identity, theirs)
    assert actor.person_id is not None
    # Two clicks at once wait for each other here. NO KEY: new tasks, which name the project, don't.
    session.get_one(Project, project_id, with_for_update={"key_share": True})
    row = session.scalars(_standing(project_id, identity.id)).first()
    if row is None:
        return _new(session, project_id, actor.person_id, identity, reason[:LONGEST_REASON], actor.name)
    if row.reason != reason[:LONGEST_REASON]:
        row.reason = reason[:LONGEST_REASON]
        audit.record(session, actor.name, "block_reworded", "project", project_id, identity=identity.id)
    return row


def _standing(project_id: int, identity_id: int) -> Select[Block]:
    query = select(Block).where(Block.project_id == project_id, Block.lifted_at.is_(None))
    return query.where(Block.identity_id == identity_id)


def _require_lesser(actor: Actor, own: Permission, identity: Identity, theirs: Permission) -> None:
    if identity.id == actor.identity_id or (actor.person_id is not None and identity.person_id == actor.person_id):
        raise BlockRefused("You can’t block yourself.")
    if is_decider(theirs):
        raise BlockRefused(
            f"@{identity.login} decides in this project, so nobody can block them.",
            advice="Change what they may do on GitHub first.",
        )
    if not may_block(own, theirs):
        raise BlockRefused(
            f"@{identity.login} may merge here as you may.",
            advice="Somebody with maintain or admin rights can block them.",
        )


def _new(session: Session, project_id: int, by: int, identity: Identity, reason: str, actor: str) -> Block:
    standing = select(func.count(Block.id)).where(Block.project_id == project_id, Block.lifted_at.is_(None))
    if (session.scalar(standing) or 0) >= MOST_BLOCKS:
        raise BlockRefused(f"A project can block {MOST_BLOCKS} people at most.", advice="Unblock some first.")
    row = Block(
        project_id=project_id, identity_id=identity.id, reason=reason, made_at=clock.now(), made_by_id=by
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, actor, "person_blocked", "project", project_id, identity=identity.id)
    return row


def lift(session: Session, project_id: int, block_id: int, actor: Actor, own: Permission) -> bool:
    """Take a block back; False where it was lifted before. Raises NotFound, BlockRefused."""
    row = session.get(Block, block_id, with_for_update=True, populate_existing=True)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such block in this project.")
    if row.lifted_at is not None:
        return False
    if _is_own(session, row, actor) and not is_decider(own):
        raise BlockRefused("You can’t lift your own block.", advice="Ask another maintainer.")
    row.lifted_at, row.lifted_by_id = clock.now(), actor.person_id
    audit.record(session, actor.name, "person_unblocked", "project", project_id, identity=row.identity_id)
    return True


def _is_own(session: Session, row: Block, actor: Actor) -> bool:
    identity = session.get_one(Identity, row.identity_id)
    return identity.id == actor.identity_id or (actor.person_id is not None and identity.person_id == actor.person_id)


def forget_blocks(session: Session, identity_ids: Collection[int]) -> None:
    """Blocks of somebody who is forgotten go: their reasons say who it was."""
    session.execute(delete(Block).where(Block.identity_id.in_(identity_ids)))


def require_welcome(session: Session, project_id: int, person_id: int | None) -> None:
    """Refuse somebody who is blocked from a project (BlockedHere, with the reason)."""
    found = block_of(session, project_id, person_id)
    if found is not None:
        raise BlockedHere(found.reason)
