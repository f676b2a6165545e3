"""What maintainers answer to requests: endorsed they are tasks, refused they are over and can't be asked for again."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.models import Repository
from bountyhub.tasks.errors import TaskRefuses
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task, want
from bountyhub.work.errors import NotAMaintainer, ReasonMissing
from bountyhub.work.operations import app_removed, endorse_request, refuse_request
from tests.builders.at_once import at_once
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World, issue


def request(world: World, number: int = 13, by: ForgePerson = DARA) -> int:
    """Somebody asks for an issue."""
    with transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        return create_task(session, repository, issue(number), world.actor(by), opened=False).id


def refuse(world: World, task: int, reason: str = "Out of scope.", by: ForgePerson = ANA) -> None:
    with transaction() as session:
        refuse_request(session, task, world.actor(by), world.permission(by), reason)


def endorse(world: World, task: int, by: ForgePerson = ANA) -> None:
    with transaction() as session:
        endorse_request(session, task, world.actor(by), world.permission(by))


def test_refused_it_is_cancelled_and_the_reason_stands_there(world: World) -> None:
    task = request(world)
    refuse(world, task)
    row = world.read_task(task)
    assert (row.state, row.ends_reason, row.ends_note) == ("cancelled", "refused", "Out of scope.")
    assert world.actions("task")[-1] == "task_given_up"


def test_who_asked_and_who_wanted_it_are_told_once(world: World) -> None:
    task = request(world)
    with transaction() as session:
        want(session, session.get_one(Task, task), world.persons["cleo"].id)
    for _ in range(2):
        refuse(world, task)
    world.drain("notify.request")
    told = [mail for mail in world.rows(OutgoingMail) if mail.key.startswith("request-refused")]
    assert {mail.to for mail in told} == {"dara@example.org", "cleo@example.org"}
    assert all("Out of scope." in mail.text for mail in told) and len(told) == 2


def test_others_can_t_ask_again_and_a_maintainer_can_begin_anew(world: World) -> None:
    task = request(world)
    refuse(world, task)
    assert request(world, by=CLEO) == task
    with pytest.raises(TaskRefuses, match="said no"), transaction() as session:
        want(session, session.get_one(Task, task), world.persons["cleo"].id)
    with transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        again = create_task(session, repository, issue(13), world.actor(ANA), opened=True)
    assert (again.state, again.previous_id) == ("open", task)


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_only_maintainers_answer(world: World, who: ForgePerson) -> None:
    task = request(world)
    for answer in (refuse, endorse):
        with pytest.raises(NotAMaintainer):
            answer(world, task, by=who)
    assert world.read_task(task).state == "wanted"


def test_somebody_with_write_answers_too(world: World) -> None:
    world.permissions[BO.id] = Permission.WRITE
    refuse(world, request(world), by=BO)
    endorse(world, request(world, 14), by=BO)
    assert [task.state for task in world.rows(Task)] == ["open", "cancelled", "open"]


def test_a_reason_is_asked_for_and_open_tasks_are_not_refused(world: World) -> None:
    with pytest.raises(ReasonMissing):
        refuse(world, request(world), " ")
    with pytest.raises(TaskRefuses):
        refuse(world, world.task_id)


def test_endorsed_it_takes_money_twice_is_once(world: World) -> None:
    task = request(world)
    for _ in range(2):
        endorse(world, task)
    assert world.read_task(task).state == "open"
    assert world.actions("task").count("task_opened") == 2  # with the world's first


def test_without_the_app_nothing_is_opened(world: World) -> None:
    task = request(world)
    with transaction() as session:
        app_removed(session, 77, None)
    with pytest.raises(TaskRefuses, match="Install"):
        endorse(world, task)


def test_endorsed_and_refused_at_once_one_wins(postgresql: str) -> None:
    world = World.begin(DATABASE_URL=postgresql)
    task, ana, eve = request(world), world.actor(ANA), world.actor(EVE)
    said = at_once(
        lambda session: endorse_request(session, task, ana, Permission.ADMIN),
        lambda session: refuse_request(session, task, eve, Permission.MAINTAIN, "No."),
    )
    assert sum(isinstance(one, TaskRefuses) for one in said) == 1
    assert world.read_task(task).state in ("open", "cancelled")
