"""A paused project: no new money and no new tasks, and everything else as always."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.errors import PauseWrong, ProjectPaused
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.rules import Pause, pause_end, pause_now
from bountyhub.tasks.errors import TaskTakesNoMoney
from bountyhub.tasks.operations import create_task, lock_task, open_task
from bountyhub.work import operations as work
from bountyhub.work.errors import NotADecider
from bountyhub.work.queries import task_status
from tests.builders.at_once import at_once
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    issue,
    later,
    merged,
    owed_shares,
)

NOW = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
WHY = "We release first."


def pause(world: World, until: str = "", by: ForgePerson = ANA, reason: str = WHY) -> None:
    with transaction() as session:
        work.pause_project(session, 1, world.actor(by), world.permission(by), reason, until)


def resume(world: World, by: ForgePerson = ANA) -> None:
    with transaction() as session:
        work.resume_project(session, 1, world.actor(by), world.permission(by))


def in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def test_a_pause_holds_until_its_end() -> None:
    assert pause_now(None, None, WHY, NOW) is None
    assert pause_now(NOW, None, WHY, NOW) == Pause(WHY, None)
    assert pause_now(NOW, NOW + timedelta(1), WHY, NOW) == Pause(WHY, NOW + timedelta(1))
    assert pause_now(NOW - timedelta(1), NOW, WHY, NOW) is None


def test_its_end_is_the_beginning_of_a_day() -> None:
    assert pause_end("", NOW) is None
    assert pause_end(" 2026-11-30 ", NOW) == datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-11-29", "2020-01-01", "2027-12-01", "30.11.2026", "soon", "2026-02-30"])
def test_an_end_that_can_not_be_is_explained(typed: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        pause_end(typed, NOW)


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_only_deciders_pause_and_resume(world: World, who: ForgePerson) -> None:
    pause(world)
    for act in (pause, resume):
        with pytest.raises(NotADecider):
            act(world, by=who)
    assert world.rows(Project)[0].pause == Pause(WHY, None)


def test_it_needs_its_reason(world: World) -> None:
    with pytest.raises(PauseWrong):
        pause(world, reason="  ")


def test_no_new_money_is_asked_for_and_what_arrives_goes_back(world: World) -> None:
    asked = world.order()
    pause(world)
    with pytest.raises(TaskTakesNoMoney):
        world.order(nonce="another")
    world.capture(asked)
    assert world.send_refunds() == 5275
    assert_books_are_right()


def test_no_new_tasks(world: World) -> None:
    wanted = world.task(13, opened=False)
    pause(world)
    for opened in (True, False):
        with pytest.raises(ProjectPaused, match=WHY), transaction() as session:
            repository = session.get_one(Repository, world.repository_id)
            create_task(session, repository, issue(14), world.actor(DARA), opened=opened)
    with pytest.raises(ProjectPaused), transaction() as session:
        open_task(session, lock_task(session, wanted), world.actor(ANA))
    assert world.task(12) == world.task_id  # what is a task already is found


@pytest.mark.usefixtures("database")
def test_merges_pay_and_backers_take_back_as_always() -> None:
    world = World.begin()
    world.pay(2500)
    given = world.pay(5000)
    opened = world.linked()
    pause(world)
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    world.record(merged(opened))
    assert (owed_shares(world), world.send_refunds()) == ([(2500, "kept")], 5275)
    assert_books_are_right()


def test_a_pause_never_ends_a_task_or_a_life(world: World) -> None:
    given = world.pay()
    pause(world)
    later(60)
    for sweep in ("work.sweep_ends", "work.sweep_lives", "work.sweep_pauses"):
        world.sweep(sweep)
    assert (world.read_task().state, world.balances(given)["escrow"]) == ("open", 5000)


def test_everything_says_so_with_its_reason(world: World) -> None:
    wanted = world.task(13, opened=False)
    pause(world, until=in_days(3))
    assert world.step().text == "Nobody has funded this, and it takes no money now."
    assert "The project is paused until " in world.step().detail and world.step().detail.endswith(f"“{WHY}”")
    with reading() as session:
        assert WHY in task_status(session, wanted).next_step.detail
        status = task_status(session, world.task_id)
    assert (status.takes_money, WHY in status.next_step.detail) == (False, True)
    assert {"task": world.task_id} in world.jobs("forge.sync_comment")


def test_paused_again_it_says_something_else_and_the_same_changes_nothing(world: World) -> None:
    for reason in (WHY, WHY, "Holidays."):
        pause(world, reason=reason)
    for _ in range(2):
        resume(world, by=EVE)
    assert world.actions("project") == ["project_paused", "project_paused", "project_resumed"]
    world.pay()


def test_on_its_day_it_goes_on_by_itself(world: World) -> None:
    pause(world, until=in_days(3))
    world.sweep("work.sweep_pauses")
    assert world.rows(Project)[0].pause is not None
    later(3)
    world.pay()  # whether or not the sweep came by
    world.sweep("work.sweep_pauses")
    assert world.actions("project") == ["project_paused", "project_resumed"]
    assert "paused" not in world.step().detail


def test_made_longer_before_its_end_is_noted_it_stays(world: World) -> None:
    pause(world, until=in_days(1))
    pause(world, until=in_days(9))
    with transaction() as session:
        work.end_pause(session, 1)
    assert world.rows(Project)[0].pause is not None


@pytest.mark.usefixtures("postgresql")
def test_a_pause_and_its_end_at_once_leave_one_or_the_other_whole() -> None:
    world = World.begin()
    pause(world)
    ana, may = world.actor(ANA), world.permission(ANA)
    at_once(
        lambda session: work.pause_project(session, 1, ana, may, "Holidays.", ""),
        lambda session: work.resume_project(session, 1, ana, may),
    )
    (project,) = world.rows(Project)
    assert (project.paused_at is None) == (project.pause_reason == "")
    assert len(world.actions("project")) == 3
