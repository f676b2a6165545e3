"""A task that is over is no dead end: its issue's next round is a new, linked task."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task
from bountyhub.tasks.queries import next_round, task_of_issue
from bountyhub.work import operations as work
from bountyhub.work.models import Claim
from bountyhub.work.operations.commands import claim_by_author
from tests.builders.at_once import at_once
from tests.builders.world import ANA, BO, World, issue, later, merged, pull


def close(world: World) -> None:
    """A wanted task's issue is closed, then open again."""
    world.record_issue(issue(14, is_open=False))


def cancel(world: World) -> None:
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), Permission.ADMIN, "Not now")


def test_an_issue_whose_task_was_given_up_gets_a_new_round(database: str) -> None:
    assert database
    world = World.begin()
    first = world.task(14, opened=False)
    close(world)
    second = world.task(14, opened=False)
    assert (world.read_task(first).state, world.read_task(second).state) == ("cancelled", "wanted")
    assert (second != first, world.read_task(second).previous_id) == (True, first)
    with reading() as session:
        assert next_round(session, world.read_task(first)) == second
        living = task_of_issue(session, world.repository_id, 14)
    assert living is not None and living.id == second
    assert world.task(14, opened=False) == second


def test_a_completed_task_stays_and_the_next_round_is_another(world: World) -> None:
    pulled = world.linked(40)
    world.record(merged(pulled))
    assert world.read_task().state == "completed"
    assert world.task(12, of=issue(12, is_open=False)) == world.task_id
    again = world.task(12)
    assert (world.read_task(again).state, world.read_task(again).previous_id) == ("open", world.task_id)
    assert world.read_task().state == "completed"


def test_what_a_decider_cancelled_only_a_maintainer_begins_anew(world: World) -> None:
    cancel(world)
    assert world.task(12, opened=False) == world.task_id
    assert world.read_task(world.task(12)).state == "open"


def test_only_one_round_lives(database: str) -> None:
    assert database
    world = World.begin()
    with pytest.raises(IntegrityError), transaction() as session:
        task = session.get_one(Task, world.task_id)
        copy = {c.key: getattr(task, c.key) for c in Task.__mapper__.columns if c.key != "id"}
        session.add(Task(**copy))


def test_two_who_begin_anew_at_once_get_one_round(postgresql: str) -> None:
    assert postgresql
    world = World.begin()
    cancel(world)

    def begin(session: Session) -> int:
        repository = session.get_one(Repository, world.repository_id)
        return create_task(session, repository, issue(12), world.actor(ANA), opened=True).id

    assert len(set(at_once(begin, begin))) == 1
    assert len(world.rows(Task)) == 2


def test_links_and_commands_mean_the_round_that_lives(world: World) -> None:
    cancel(world)
    again = world.task(12)
    world.record(pull(40))
    assert world.claim(40, again).state == "linked"
    with transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        claim = claim_by_author(session, world.actor(BO), repository, pull(41, closes=()), 12)
    assert claim.task_id == again


def test_what_was_merged_before_a_round_began_does_not_stand_for_it(world: World) -> None:
    cancel(world)
    old = merged(pull(40), at=clock.now() - timedelta(hours=1))
    later(1)
    again = world.task(12)
    world.record(old)
    assert [claim for claim in world.rows(Claim) if claim.task_id == again] == []
