"""In public a backer has one random name in each task, and two where they gave by name and anonymously as well."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Contribution
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


def test_who_paid_signed_out_is_known_by_their_address(world: World) -> None:
    guest, again = world.pay(1000, by=None, email="g@example.org"), world.pay(2000, by=None, email="G@example.org")
    other = world.pay(1000, by=None, email="h@example.org")
    signed_in = world.pay(1000, email="g@example.org")
    names = party(guest, again, other, signed_in)
    assert names[0] == names[1] and len({*names}) == 3


def test_what_was_given_anonymously_is_not_joined_to_a_name(world: World) -> None:
    named, nameless = world.pay(1000), world.order(2000)
    with transaction() as session:
        hidden = world.rows(Contribution)[-1]
        session.merge(hidden).anonymous = True
    assert len({*party(named, world.capture(nameless))}) == 2


@pytest.mark.parametrize("received", [Money(1, "EUR"), Money(1275, "EUR")])
def test_money_has_a_party_whatever_becomes_of_it(world: World, received: Money) -> None:
    paid = world.capture(world.order(1000), received=received)
    assert party(paid)
