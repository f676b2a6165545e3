"""In public what a person gave to a task by name has one random name there; everything else has its own each time."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bountyhub.funding.models import Contribution
from bountyhub.funding.operations import hand_over_contributions
from bountyhub.funding.queries import behind
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from tests.builders.world import DARA, World


def party(*contributions: Contribution) -> list[str]:
    with reading() as session:
        found = behind(session, [each.ref for each in contributions])
    names = [found[each.ref].party or "" for each in contributions]
    assert all(len(name) == 12 for name in names)
    return names


def test_two_contributions_of_one_backer_to_a_task_are_one_party(world: World) -> None:
    first, second, other = world.pay(1000), world.pay(2000), world.pay(3000, by=DARA)
    names = party(first, second, other)
    assert names[0] == names[1] != names[2]


def test_their_other_tasks_tell_nothing_of_it(world: World) -> None:
    here = world.pay(1000)
    world.task_id = world.task(13)
    assert len({*party(here, world.pay(1000))}) == 2


def test_an_address_that_anybody_may_type_tells_nothing_of_who_else_gave_with_it(world: World) -> None:
    guest, typed = world.pay(1000, by=None, email="g@example.org"), world.pay(2000, by=None, email="g@example.org")
    signed_in = world.pay(1000, email="g@example.org")
    assert len({*party(guest, typed, signed_in)}) == 3


def test_what_was_given_anonymously_is_joined_to_nothing(world: World) -> None:
    named, *nameless = world.pay(1000), world.order(2000), world.order(3000)
    with transaction() as session:
        session.execute(update(Contribution).where(Contribution.id != named.id).values(anonymous=True))
    assert len({*party(named, *map(world.capture, nameless))}) == 3


def test_what_was_given_by_name_and_is_nameless_now_has_lost_that_name(world: World) -> None:
    given = [world.pay(1000), world.pay(2000)]
    before, unpaid = party(*given), world.order(3000)
    with transaction() as session:
        hand_over_contributions(session, world.persons["cleo"], world.persons["dara"])
    assert len({*before, *party(*given, world.capture(unpaid))}) == 4


@pytest.mark.parametrize("received", [Money(1, "EUR"), Money(1275, "EUR")])
def test_money_has_a_party_whatever_becomes_of_it(world: World, received: Money) -> None:
    paid = world.capture(world.order(1000), received=received)
    assert party(paid)
