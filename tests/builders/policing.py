"""A repository's policy file as the forge integration would hand it in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.kit import ids
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.policies import Found
from bountyhub.projects.policy_file import Reading, parse
from bountyhub.projects.rules_policy import DEFAULTS
from bountyhub.work import operations as work
from tests.builders.world import World


def found(text: str | None, *deciders: ForgePerson) -> Found:
    """The file at a commit of its own."""
    reading = Reading(DEFAULTS) if text is None else parse(text)
    return Found(ids.keyed(ids.new_ref())[:40], text, reading, {one.login: one.id for one in deciders})


def put(world: World, text: str | None, *deciders: ForgePerson) -> None:
    """The default branch has this file now (None: it has none any more)."""
    with transaction() as session:
        record(session, world, text, *deciders)


def record(session: Session, world: World, text: str | None, *deciders: ForgePerson) -> None:
    """The same inside a transaction."""
    work.record_policy(session, world.repository_id, found(text, *deciders))
