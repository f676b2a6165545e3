"""One release to several payees: exact by weight, few pieces, each payable or kept by itself."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import reading
from bountyhub.payouts.models import Share, Transfer
from bountyhub.people.queries import identity_ids
from bountyhub.work.models import Release
from tests.builders.forge_says import BO, DARA, EVE
from tests.builders.releasing import release_to
from tests.builders.world import World, assert_books_are_right, owed_shares


def identities(world: World, *logins: str) -> list[int]:
    with reading() as session:
        return sorted(identity_ids(session, world.persons[login].id)[0] for login in logins)


def shares(world: World) -> dict[int, int]:
    return {share.identity_id: share.amount for share in world.rows(Share)}


@pytest.mark.usefixtures("database")
def test_payees_get_their_weights_and_each_contribution_gives_all_of_itself() -> None:
    world = World.begin()
    given = [world.pay(amount) for amount in (1000, 1001, 999)]
    world.connect(BO)
    world.connect(EVE)
    world.linked()
    bo, eve = identities(world, "bo", "eve")
    release_to(world.claim().id, {bo: 2, eve: 1})
    assert shares(world) == {bo: 2000, eve: 1000}
    transfers = world.rows(Transfer)
    assert len(transfers) <= 3 + 2 - 1
    by_contribution = {one.id: sum(t.amount for t in transfers if t.contribution_id == one.id) for one in given}
    assert by_contribution == {one.id: one.amount for one in given}
    assert [row.amount for row in world.rows(Release)] == [3000]
    assert_books_are_right()
    world.send_transfers()
    assert {state for _, state in owed_shares(world)} == {"paid"}
    assert world.read_task().state == "completed"
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_a_payee_without_an_account_doesnt_hold_up_the_others() -> None:
    world = World.begin()
    world.pay(1000)
    world.connect(BO)
    world.linked()
    bo, dara = identities(world, "bo", "dara")
    release_to(world.claim().id, {bo: 1, dara: 1})
    world.send_transfers()
    assert sorted(owed_shares(world)) == [(500, "kept"), (500, "paid")]
    assert (world.read_task().state, world.step().text) != ("completed", "")
    assert_books_are_right()
    world.connect(DARA)
    world.send_transfers()
    assert [state for _, state in owed_shares(world)] == ["paid", "paid"]
    assert_books_are_right()


def test_each_payee_is_told_of_their_own_part(world: World) -> None:
    world.pay(1000)
    world.linked()
    release_to(world.claim().id, dict.fromkeys(identities(world, "ana", "bo", "cleo"), 1))
    assert [amount for amount, _ in owed_shares(world)] == [334, 333, 333]
    assert len(world.jobs("notify.released")) == 3


def test_a_weight_too_small_for_a_cent_makes_no_share(world: World) -> None:
    world.pay(500)
    world.linked()
    bo, eve = identities(world, "bo", "eve")
    release_to(world.claim().id, {bo: 100_000, eve: 1})
    assert shares(world) == {bo: 500}
