"""A bank that asks, lets it be, and charges back after all: how it ends is heard, however little was heard between."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Dispute
from tests.builders.world import World, assert_books_are_right
from tests.work.bank import Bank


@pytest.mark.parametrize("heard", [0, 1, 2], ids=["the end alone", "the answer too", "all"])
@pytest.mark.parametrize("ending", ["won", "lost"])
def test_it_ends_as_the_charge_back_does(world: World, ending: str, heard: int) -> None:
    bank = Bank.of(world, world.pay())
    for said in bank.history("let be"):
        bank.say(said)
    assert world.rows(Dispute)[0].ending == "closed"
    story = bank.history(ending)
    for said in [*story[:-1][len(story) - 1 - heard :], story[-1]]:
        bank.say(said)
    dispute: Dispute = world.rows(Dispute)[0]
    assert (dispute.state, dispute.ending) == (ending, ending)
    assert_books_are_right()
