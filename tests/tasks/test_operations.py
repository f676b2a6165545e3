"""Making tasks from issues, opening them, wanting them, and their status comment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.people.operations import CLOCK
from bountyhub.ports.forge import ForgePerson, IssueInfo
from bountyhub.tasks.errors import NotAnIssue, TaskRefuses
from bountyhub.tasks.models import Interest, Task, TaskRevision
from bountyhub.tasks.operations import lock_task, move, want
from bountyhub.tasks.rules import TaskEvent
from tests.builders.world import World, issue


def test_a_task_takes_title_labels_author_and_text_from_its_issue(world: World) -> None:
    task = world.read_task()
    assert (task.title, task.labels, task.issue_open, task.currency) == (
        "Export number 12",
        ["enhancement"],
        True,
        "EUR",
    )
    assert [revision.body for revision in world.rows(TaskRevision)] == ["Please."]


def test_asking_twice_gives_the_same_task(world: World) -> None:
    assert world.task(12) == world.task_id
    assert len(world.rows(Task)) == 1


def test_a_wanted_task_is_opened_when_a_maintainer_asks(world: World) -> None:
    wanted = world.task(14, opened=False)
    assert world.read_task(wanted).state == "wanted"
    assert world.task(14) == wanted
    assert world.read_task(wanted).state == "open"
    assert world.read_task(wanted).opened_by == world.persons["ana"].id


def test_a_wanted_task_takes_over_what_its_issue_says_before_it_is_opened(world: World) -> None:
    wanted = world.task(14, opened=False)
    assert world.task(14, of=issue(14, title="Better")) == wanted
    assert (world.read_task(wanted).title, world.read_task(wanted).state) == ("Better", "open")


def test_a_wanted_task_whose_issue_is_closed_is_not_opened(world: World) -> None:
    wanted = world.task(14, opened=False)
    with pytest.raises(NotAnIssue, match="closed"):
        world.task(14, of=issue(14, is_open=False))
    assert world.read_task(wanted).state == "wanted"


@pytest.mark.parametrize("wrong", [issue(15, is_open=False), issue(15, is_pull_request=True)])
def test_a_closed_issue_or_a_pull_request_is_no_task(world: World, wrong: IssueInfo) -> None:
    with pytest.raises(NotAnIssue):
        world.task(15, of=wrong)
    assert len(world.rows(Task)) == 1


def test_an_issue_of_a_deleted_account_has_no_author(world: World) -> None:
    id = world.task(15, of=issue(15, author=ForgePerson(0, "ghost")))
    assert world.read_task(id).author_id is None


def test_a_very_long_title_is_cut(world: World) -> None:
    assert len(world.read_task(world.task(15, of=issue(15, title="x" * 900))).title) == 500


def test_a_wanted_task_counts_each_person_once(world: World) -> None:
    wanted = world.task(14, opened=False)
    for name in ("dara", "dara", "cleo"):
        with transaction() as session:
            want(session, lock_task(session, wanted), world.persons[name].id)
    assert len(world.rows(Interest)) == 2


def test_an_open_task_is_funded_not_wanted(world: World) -> None:
    with pytest.raises(TaskRefuses, match="fund it"), transaction() as session:
        want(session, lock_task(session, world.task_id), world.persons["dara"].id)


def test_a_wanted_task_says_nothing_on_its_issue(world: World) -> None:
    before = len(world.jobs("forge.sync_comment"))
    world.task(14, opened=False)
    world.record_issue(replace(issue(14), title="New"))
    assert len(world.jobs("forge.sync_comment")) == before


def test_an_event_that_does_not_happen_is_refused_by_name_and_changes_nothing(world: World) -> None:
    with pytest.raises(TaskRefuses, match="This task is open"), transaction() as session:
        move(session, lock_task(session, world.task_id), TaskEvent.SETTLED, CLOCK)
    assert world.read_task().state == "open"


def test_a_task_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), transaction() as session:
        lock_task(session, 999)
