"""Releases that two operators undo; used by tests of work, payouts and the desk, and by cases."""

from __future__ import annotations

from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson
from bountyhub.work import operations as work
from bountyhub.work.models import Claim, Undo
from tests.builders.forge_says import ANA, BO, CLEO, DARA, EVE, merged
from tests.builders.outside import Outside
from tests.builders.world import World

WHY = "The merge was a mistake."


def released(world: World, *amounts: int, connected: bool = True) -> World:
    """Bo delivered a task that Cleo (and Dara) funded; nothing was transferred yet."""
    Outside().use()
    for amount, by in zip(amounts or (5000,), (CLEO, DARA, DARA), strict=False):
        world.pay(amount, by)
    if connected:
        world.connect(BO)
    world.record(merged(world.linked()))
    return world


def propose(world: World, claim: Claim | None = None, by: ForgePerson = ANA, reason: str = WHY) -> Undo:
    """An operator proposes to undo the release of the main task's claim."""
    with transaction() as session:
        return work.propose_undo(session, (claim or world.claim()).id, world.actor(by), reason)


def confirm(world: World, undo: Undo, by: ForgePerson = EVE) -> None:
    """Another one confirms it."""
    with transaction() as session:
        work.confirm_undo(session, undo.id, world.actor(by))


def undo(world: World, claim: Claim | None = None) -> None:
    """Both of them, one after the other."""
    confirm(world, propose(world, claim))
