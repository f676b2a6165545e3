"""Deciders pause their project and let it go on; everything that shows its tasks says so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.people.operations import CLOCK, Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects import pausing
from bountyhub.projects.queries import repositories_of
from bountyhub.projects.rules import is_decider
from bountyhub.work.errors import NotADecider
from bountyhub.work.operations.comments import show_all
from bountyhub.work.operations.policies import open_labelled


def pause_project(
    session: Session, project_id: int, actor: Actor, permission: Permission, reason: str, until: str
) -> None:  # fmt: skip
    """No new money and tasks until a typed day (`2030-12-31`) or, where that is empty, until resumed.

    `permission`: the most the actor may do in the project now. Raises NotADecider, PauseWrong.
    """
    if not is_decider(permission):
        raise NotADecider()
    if pausing.pause(session, project_id, actor.name, reason, until):
        show_all(session, project_id)


def resume_project(session: Session, project_id: int, actor: Actor, permission: Permission) -> None:
    """New money and tasks again; raises NotADecider."""
    if not is_decider(permission):
        raise NotADecider()
    if pausing.resume(session, project_id, actor.name):
        _go_on(session, project_id)


def end_pause(session: Session, project_id: int) -> None:
    """The day has come."""
    if pausing.end_due(session, project_id, CLOCK.name):
        _go_on(session, project_id)


def _go_on(session: Session, project_id: int) -> None:
    """What shows its tasks says so, and what the policy file's labels named meanwhile becomes tasks."""
    show_all(session, project_id)
    for repository in repositories_of(session, project_id):
        open_labelled(session, repository)
