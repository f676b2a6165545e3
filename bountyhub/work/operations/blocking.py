"""Maintainers block somebody from their project, or take that back: what was not linked is looked for then."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.people.operations import Actor, note_identity
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects import blocking
from bountyhub.projects.models import Block
from bountyhub.projects.rules import is_maintainer
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import find_pulls
from bountyhub.work.errors import NotAMaintainer


def block_person(
    session: Session, project_id: int, actor: Actor, own: Permission, who: ForgePerson, theirs: Permission, reason: str
) -> Block:  # fmt: skip
    """Block a forge account (by its number) from a project; `own` and `theirs`: the most each may do there now.

    Claims that stand already go on standing: a decider can cut each. Raises NotAMaintainer, BlockRefused, BlockWrong.
    """
    if not is_maintainer(own):
        raise NotAMaintainer()
    return blocking.block(session, project_id, actor, own, note_identity(session, who), theirs, reason)


def unblock_person(session: Session, project_id: int, block_id: int, actor: Actor, own: Permission) -> None:
    """Take a block back and look for their pull requests again; once. Raises NotAMaintainer, NotFound, BlockRefused."""
    if not is_maintainer(own):
        raise NotAMaintainer()
    if not blocking.lift(session, project_id, block_id, actor, own):
        return
    query = select(Task).where(Task.project_id == project_id, Task.state.in_([TaskState.OPEN, TaskState.RESERVED]))
    for task in session.scalars(query.order_by(Task.id)):
        find_pulls(session, task)
