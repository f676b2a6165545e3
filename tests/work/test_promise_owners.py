"""Whose promises are: joined by a confirmed address, and forgotten once they are over."""

from __future__ import annotations

import pytest

from bountyhub.funding.operations.promise_owners import join_promises
from bountyhub.funding.operations.promises import withdraw_promise
from bountyhub.kit.database import transaction
from bountyhub.people.models import Person
from bountyhub.people.operations import CLOCK
from bountyhub.work.errors import StillNeeded
from bountyhub.work.operations import forget
from tests.builders.outside import Outside
from tests.builders.promising import given, now
from tests.builders.world import World


def test_a_promise_given_signed_out_is_joined_by_its_address(world: World) -> None:
    row = given(world, by=None)
    cleo = world.persons["cleo"]
    with transaction() as session:
        person = session.get_one(Person, cleo.id)
        person.email = row.email
        session.flush()
        join_promises(session, person)
    assert (now(row).person_id, now(row).anonymous) == (cleo.id, True)


def test_a_promise_is_forgotten_once_it_is_over(world: World) -> None:
    Outside().use()
    row = given(world)
    with pytest.raises(StillNeeded, match="they can withdraw it"), transaction() as session:
        forget(session, "cleo", "Asked for by letter.")
    with transaction() as session:
        withdraw_promise(session, row.ref, CLOCK)
    world.drain("funding.forget_card", "notify.", "mail.")
    with transaction() as session:
        assert row.email in forget(session, "cleo", "Asked for by letter.").addresses
    assert (now(row).person_id, now(row).email, now(row).card_label) == (None, "", "")
