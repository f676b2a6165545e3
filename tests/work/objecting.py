"""Steps of the tests of objections: a window with two backers, and what people do in it."""

from __future__ import annotations

from bountyhub.funding.models import Refund
from bountyhub.kit.database import transaction
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.work import operations as work
from bountyhub.work.models import Objection
from tests.builders.outside import Outside
from tests.builders.world import (
    BO,
    DARA,
    World,
    issue,
    merged,
)


def in_window(world: World, dara: int = 1000) -> World:
    Outside().use()
    world.pay(6000)
    world.pay(dara, by=DARA)
    world.permissions[BO.id] = Permission.ADMIN
    world.connect(BO)
    world.record(merged(world.linked(), by=BO))
    world.record_issue(issue(is_open=False))
    return world


def object_to(world: World, by: ForgePerson, reason: str = "It does not work.") -> Objection:
    with transaction() as session:
        return work.object_to_claim(session, world.claim().id, world.actor(by), world.permission(by), reason)


def settle(world: World, by: ForgePerson | None, *, accept: bool, reason: str = "I looked.") -> None:
    with transaction() as session:
        actor = world.actor(by) if by else OPERATOR
        permission = world.permission(by) if by else Permission.NONE
        work.settle_claim(session, world.claim().id, actor, permission, accept=accept, reason=reason)


def withdraw(world: World, objection: Objection, by: ForgePerson) -> None:
    with transaction() as session:
        work.withdraw_objection(session, objection.id, world.actor(by))


def end_window(world: World) -> None:
    with transaction() as session:
        work.end_window(session, world.claim().id)


def by_facts(world: World) -> None:
    with transaction() as session:
        work.settle_by_facts(session, world.claim().id)


def returned(world: World) -> list[tuple[str, int]]:
    return [(str(refund.reason), refund.total) for refund in world.rows(Refund)]


def standing(world: World) -> tuple[str, str]:
    return str(world.claim().state), str(world.read_task().state)
