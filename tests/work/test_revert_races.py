"""Reverts heard of twice at the same moment, or while a window ends: two real threads on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from bountyhub.work.models import Objection, Revert
from bountyhub.work.operations.reverts import Reverting
from tests.builders.at_once import at_once
from tests.builders.world import BO, EVE, World, assert_books_are_right, later, merged, owed_shares


@pytest.fixture
def world(postgresql: str) -> World:
    world = World.begin(DATABASE_URL=postgresql)
    world.pay()
    world.record(merged(world.linked(), by=BO))
    assert world.claim().state == "window"
    return world


def reverting(world: World, sha: str = "b" * 40, number: int = 40) -> Reverting:
    return Reverting(
        repository_id=world.repository_id, url=f"https://forge/commit/{sha}", title="Revert", at=clock.now(),
        shas=(sha,), named_pulls=frozenset({number}),
    )  # fmt: skip


def test_heard_of_twice_at_once_it_is_one_revert(world: World) -> None:
    said = reverting(world)

    def note(session: Session) -> None:
        work.note_reverts(session, [said])

    assert at_once(note, note) == [None, None]
    assert (len(world.rows(Revert)), len(world.rows(Objection)), world.claim().state) == (1, 1, "blocked")


def test_two_reverts_at_once_are_one_objection_until_both_are_taken_back(world: World) -> None:
    one, other = reverting(world), reverting(world, "c" * 40)
    at_once(lambda session: work.note_reverts(session, [one]), lambda session: work.note_reverts(session, [other]))
    assert (len(world.rows(Revert)), len(world.rows(Objection))) == (2, 1)
    for sha, of, state in (("d" * 40, "b" * 40, "blocked"), ("e" * 40, "c" * 40, "window")):
        back = replace(reverting(world, sha), named_pulls=frozenset(), named_shas=frozenset({of}))
        with transaction() as session:
            work.note_reverts(session, [back])
        assert world.claim().state == state


def test_a_revert_and_the_windows_end_have_one_winner(world: World) -> None:
    later(7.1)
    said, claim = reverting(world), world.claim().id
    at_once(lambda session: work.note_reverts(session, [said]), lambda session: work.end_window(session, claim))
    released = world.claim().state == "released"
    assert world.claim().state in ("released", "blocked")
    assert owed_shares(world) == ([(5000, "kept")] if released else [])
    assert world.claim().reverted_url == said.url
    assert_books_are_right()


def test_a_revert_and_a_deciders_objection_both_stand(world: World) -> None:
    said, claim, eve = reverting(world), world.claim().id, world.actor(EVE)
    at_once(
        lambda session: work.note_reverts(session, [said]),
        lambda session: work.object_to_claim(session, claim, eve, Permission.MAINTAIN, "It breaks saving."),
    )
    assert ([str(row.state) for row in world.rows(Objection)], world.claim().state) == (["open", "open"], "blocked")
