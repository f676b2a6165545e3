"""Which branches' merges pay: a decider lists them, and linked pull requests are looked at again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.people.operations import Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects import operations as projects
from bountyhub.projects.models import Repository
from bountyhub.projects.rules import is_decider
from bountyhub.work.errors import NotADecider
from bountyhub.work.models import Claim, ClaimState


def list_branches(session: Session, project_id: int, actor: Actor, permission: Permission, text: str) -> None:
    """A decider says which branches besides the default one pay; raises NotADecider, BranchesRefused.

    What was merged before is not looked at again: nobody was shown that it would pay.
    """
    if not is_decider(permission):
        raise NotADecider()
    if not projects.list_branches(session, project_id, text, actor.name):
        return
    look_again_at_linked(session, Repository.project_id == project_id)


def look_again_at_linked(session: Session, where: ColumnElement[bool]) -> None:
    """Ask for the linked pull requests of some repositories: what merging them does may be something else now."""
    query = (
        select(Repository.forge_id, Claim.pull_number)
        .join(Claim, Claim.repository_id == Repository.id)
        .where(where, Claim.state == ClaimState.LINKED)
        .distinct()
    )
    for repository, number in session.execute(query.order_by(Repository.forge_id, Claim.pull_number)):
        key = f"pull:{repository}:{number}"
        outbox.add(session, "forge.read_pull", key=key, repository=repository, number=number)
