"""Somebody blocked from a project: what they can't do any more, what stays theirs, and who may block whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.people.operations import sign_in_with_forge
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.errors import BlockedHere, BlockRefused, BlockWrong
from bountyhub.projects.models import Block, Repository
from bountyhub.projects.queries import block_of_account, is_blocked
from bountyhub.projects.rules import may_block
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.errors import NotAMaintainer
from bountyhub.work.models import Claim
from bountyhub.work.operations.commands import claim_by_author
from bountyhub.work.operations.moving import why_not
from tests.builders.at_once import at_once
from tests.builders.world import (
    ANA,
    BO,
    BOT,
    CLEO,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    closed,
    issue,
    merged,
    owed_shares,
    pull,
)  # fmt: skip

PROJECT = 1


def block(world: World, who: ForgePerson, by: ForgePerson = ANA, reason: str = "Spam.") -> int:
    with transaction() as session:
        row = work.block_person(
            session, PROJECT, world.actor(by), world.permission(by), who, world.permission(who), reason
        )
        return row.id


def unblock(world: World, id: int, by: ForgePerson = ANA) -> None:
    with transaction() as session:
        work.unblock_person(session, PROJECT, id, world.actor(by), world.permission(by))


def blocked(world: World, who: ForgePerson) -> bool:
    with reading() as session:
        return is_blocked(session, PROJECT, world.persons[who.login].id)


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("own", Permission)
@pytest.mark.parametrize("theirs", Permission)
def test_maintainers_block_those_below_them_and_nobody_a_decider(own: Permission, theirs: Permission) -> None:
    assert may_block(own, theirs) is (own >= Permission.WRITE and theirs <= Permission.WRITE and theirs < own)


def test_a_developer_blocks_nobody_and_nobody_themselves_or_a_decider(world: World) -> None:
    for by, who, refusal in ((BO, DARA, NotAMaintainer), (ANA, ANA, BlockRefused), (ANA, EVE, BlockRefused)):
        with pytest.raises(refusal):
            block(world, who, by)
    assert world.rows(Block) == []


def test_a_block_needs_its_reason(world: World) -> None:
    with pytest.raises(BlockWrong):
        block(world, BO, reason=" \n ")


def test_blocked_again_only_the_reason_changes(world: World) -> None:
    assert block(world, BO) == block(world, BO) == block(world, BO, EVE, "Rude.")
    assert [row.reason for row in world.rows(Block)] == ["Rude."]
    assert world.actions("project") == ["person_blocked", "block_reworded"]


@pytest.mark.usefixtures("postgresql")
def test_two_maintainers_at_once_make_one_block() -> None:
    world = World.begin()
    ana = world.actor(ANA)
    at_once(*[lambda s: work.block_person(s, PROJECT, ana, Permission.ADMIN, BO, Permission.READ, "Spam.")] * 2)
    assert len(world.rows(Block)) == 1


def test_nobody_lifts_their_own_block_but_a_decider(world: World) -> None:
    id = block(world, BO)
    world.permissions[BO.id] = Permission.WRITE
    with pytest.raises(BlockRefused):
        unblock(world, id, BO)
    world.permissions[BO.id] = Permission.MAINTAIN
    unblock(world, id, BO)
    assert not blocked(world, BO)


def test_a_block_of_another_project_is_not_found(world: World) -> None:
    id = block(world, BO)
    with pytest.raises(NotFound), transaction() as session:
        work.unblock_person(session, 2, id, world.actor(ANA), Permission.ADMIN)
    assert blocked(world, BO)


def test_a_new_name_and_another_account_change_nothing(world: World) -> None:
    block(world, BO)
    with transaction() as session:
        sign_in_with_forge(session, replace(BO, login="robert"), None)
        assert block_of_account(session, PROJECT, BO.id) is not None
        assert block_of_account(session, PROJECT, DARA.id) is None
    assert blocked(world, BO) and not blocked(world, DARA)


# ---------------------------------------------------------------- pull requests


def test_new_pull_requests_are_not_linked_until_the_block_is_lifted(world: World) -> None:
    id = block(world, BO)
    world.record(pull())
    assert world.rows(Claim) == []
    with pytest.raises(BlockedHere), transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        claim_by_author(session, world.actor(BO), repository, pull(closes=()), 12)
    before = len(world.jobs("forge.find_pulls"))
    for _ in range(2):
        unblock(world, id)
    assert len(world.jobs("forge.find_pulls")) in (before, before + 1)
    world.record(pull())
    assert world.claim().state == "linked"


def test_a_bots_pull_requests_are_blocked_as_well(world: World) -> None:
    block(world, BOT)
    world.record(pull(author=BOT))
    assert world.rows(Claim) == []


def test_what_was_linked_before_stays_and_pays_when_merged(world: World) -> None:
    world.pay()
    opened = world.linked()
    block(world, BO)
    world.record(replace(opened, title="Better"))
    assert (world.claim().state, world.claim().title) == ("linked", "Better")
    world.record(merged(opened))
    assert owed_shares(world) == [(5000, "kept")]
    assert_books_are_right()


def test_a_closed_one_is_not_linked_again(world: World) -> None:
    opened = world.linked()
    block(world, BO)
    world.record(closed(opened), opened)
    assert world.claim().state == "closed"


def test_a_merge_is_the_stronger_word_once_a_decider_confirms_it(world: World) -> None:
    world.pay()
    block(world, BO)
    world.record(pull(), merged(pull()))
    assert world.claim().state == "late"
    with transaction() as session:
        work.confirm_claim(session, world.claim().id, world.actor(EVE), Permission.MAINTAIN)
    assert world.claim().state == "window"


# ---------------------------------------------------------------- money and tasks


def test_new_money_is_refused_with_the_reason_and_what_is_held_stays_theirs(world: World) -> None:
    given = world.pay(5000, CLEO)
    asked = world.order(2500, CLEO)
    block(world, CLEO)
    with pytest.raises(BlockedHere, match=r"blocked you: “Spam\.”"):
        world.order(1000, CLEO)
    assert world.capture(asked).state == "held"  # asked for before
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    assert world.send_refunds() == 5275
    assert_books_are_right()


def test_a_blocked_backer_still_objects_with_their_own_part(world: World) -> None:
    world.pay(1000, CLEO)
    world.pay(9000, DARA)
    world.record(merged(world.linked(author=EVE), by=EVE))
    block(world, CLEO)
    with transaction() as session:
        work.object_to_claim(session, world.claim().id, world.actor(CLEO), Permission.READ, "It does not work.")
    assert world.claim().state == "window"
    assert world.step().text.startswith("90 € go to @eve")


def test_money_does_not_move_into_a_project_that_blocked_its_backer(world: World) -> None:
    here = world.pay(5000, CLEO)
    target = world.read_task(world.task(13))
    block(world, CLEO)
    with reading() as session:
        source = session.get_one(type(target), world.task_id)
        assert "blocked" not in why_not(session, here, source, target)
        target.project_id, source.project_id = PROJECT, 2
        assert why_not(session, here, source, target) == "The maintainers of that task’s project have blocked you."


def test_they_list_no_new_issues(world: World) -> None:
    block(world, DARA)
    with pytest.raises(BlockedHere), transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        create_task(session, repository, issue(14), world.actor(DARA), opened=False)


def test_somebody_signed_out_is_nobody_who_could_be_blocked(world: World) -> None:
    block(world, CLEO)
    assert world.pay(5000, None).money == Money(5000, "EUR")


def test_who_is_forgotten_is_forgotten_here_too(world: World) -> None:
    block(world, DARA, reason="Dara said things.")
    with transaction() as session:
        work.forget(session, "dara", "asked for by letter")
    assert world.rows(Block) == []
