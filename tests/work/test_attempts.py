"""“I am on it”: by comment and by button, its caps, its lapse, and what keeps it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.errors import NeedsForgeAccount
from bountyhub.people.operations import Actor, sign_in_with_mail
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.models import Repository
from bountyhub.work.attempts import Standing, standing
from bountyhub.work.errors import AttemptRefused, CommandRefused
from bountyhub.work.models_attempts import Attempt
from bountyhub.work.operations import begin_attempt, withdraw_attempt
from bountyhub.work.operations.commands import command
from bountyhub.work.queries import task_status
from tests.builders.at_once import at_once
from tests.builders.policing import put
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World, closed, comment, later, merged, pull


def begin(world: World, who: ForgePerson = BO, task: int | None = None) -> Attempt:
    with transaction() as session:
        return begin_attempt(session, world.actor(who), task or world.task_id)


def withdraw(world: World, who: ForgePerson = BO) -> None:
    with transaction() as session:
        withdraw_attempt(session, world.actor(who), world.task_id)


def say(world: World, name: str, by: ForgePerson = BO, number: int = 12, *, on_pull: bool = False) -> str:
    said = comment(by, number, on_pull_request=on_pull)
    with transaction() as session:
        here = session.get_one(Repository, world.repository_id)
        return command(
            session, name=name, argument="", comment=said, repository=here, permission=Permission.READ, pull=None
        )  # fmt: skip


def on_it(world: World) -> list[Standing]:
    with reading() as session:
        return standing(session, Attempt.task_id == world.task_id)


def names(world: World) -> list[str]:
    return [one.login for one in on_it(world)]


def test_saying_it_twice_is_saying_it_once(world: World) -> None:
    first = begin(world)
    later(3)
    assert begin(world).id == first.id
    assert (names(world), on_it(world)[0].lapses_at) == (["bo"], first.until)
    assert world.actions("task").count("attempt_begun") == 1


def test_it_excludes_nobody_and_others_pull_requests_are_paid(world: World) -> None:
    world.pay()
    begin(world)
    world.record(merged(world.linked(author=DARA)))
    assert world.claim().state == "released"


def test_taken_back_it_stands_no_more_and_taking_it_back_again_changes_nothing(world: World) -> None:
    begin(world)
    withdraw(world)
    withdraw(world)
    assert (names(world), world.actions("task").count("attempt_withdrawn")) == ([], 1)
    begin(world)
    assert names(world) == ["bo"]


def test_a_comment_says_it_and_takes_it_back(world: World) -> None:
    world.connect(BO)
    assert (say(world, "attempt"), names(world)) == ("", ["bo"])
    assert (say(world, "unattempt"), names(world)) == ("", [])
    with pytest.raises(CommandRefused, match="Nobody here knew"):
        say(world, "unattempt")


def test_who_cannot_be_paid_is_told_before_they_work(world: World) -> None:
    reply = say(world, "attempt")
    assert "before you start. @bo has not connected a payout account yet: until then" in reply
    assert "/me" in reply
    assert on_it(world)[0].unpaid is not None


def test_on_a_pull_request_it_is_about_its_one_task(world: World) -> None:
    world.connect(BO)
    world.linked()
    assert (say(world, "attempt", number=40, on_pull=True), names(world)) == ("", ["bo"])
    world.task(13)
    world.record(pull(41, closes=(12, 13)))
    with pytest.raises(CommandRefused, match="Which task"):
        say(world, "attempt", number=41, on_pull=True)
    with pytest.raises(CommandRefused, match="no task"):
        say(world, "attempt", number=99)


def test_five_may_be_on_a_task(world: World) -> None:
    for who in (ANA, BO, CLEO, DARA, EVE):
        begin(world, who)
    frank = replace(BO, id=199, login="frank")
    with pytest.raises(AttemptRefused, match="5 people"):
        say(world, "attempt", by=frank)
    withdraw(world, EVE)
    say(world, "attempt", by=frank)
    assert len(names(world)) == 5


def test_a_project_may_choose_fewer(world: World) -> None:
    put(world, "attempts: 1")
    begin(world)
    with pytest.raises(AttemptRefused, match="1 people"):
        begin(world, DARA)


def test_one_person_may_be_on_three_tasks(world: World) -> None:
    tasks = [world.task(number) for number in (13, 14)]
    for task in (world.task_id, *tasks):
        begin(world, task=task)
    with pytest.raises(AttemptRefused, match="3 tasks already"):
        begin(world, task=world.task(15))


def test_what_is_over_counts_no_more(world: World) -> None:
    for number in (13, 14, 15):
        begin(world, task=world.task(number))
    later(14)
    begin(world)
    assert names(world) == ["bo"]


@pytest.mark.parametrize("draft", [True, False])
def test_it_lapses_in_fourteen_days_unless_a_pull_request_is_linked(world: World, draft: bool) -> None:
    begin(world)
    begin(world, DARA)
    world.record(pull(draft=draft))
    later(13.9)
    assert names(world) == ["bo", "dara"]
    later(0.2)
    assert names(world) == ["bo"]
    assert (on_it(world)[0].pull, on_it(world)[0].lapses_at) == (40, None)
    world.sweep("work.sweep_attempts")
    world.sweep("work.sweep_attempts")
    assert [str(row.state) for row in world.rows(Attempt)] == ["standing", "lapsed"]
    assert world.actions("task").count("attempt_lapsed") == 1


def test_when_the_pull_request_goes_the_days_begin_anew(world: World) -> None:
    begin(world)
    world.record(pull())
    later(20)
    world.record(closed(pull()))
    later(13)
    assert names(world) == ["bo"]
    later(1)
    assert names(world) == []


def test_somebody_elses_pull_request_keeps_nobody(world: World) -> None:
    begin(world)
    world.record(pull(author=DARA))
    later(14)
    assert names(world) == []


def test_a_lapsed_one_can_begin_anew_before_the_sweep_comes(world: World) -> None:
    begin(world)
    later(15)
    begin(world)
    assert [str(row.state) for row in world.rows(Attempt)] == ["lapsed", "standing"]


def test_a_task_that_is_over_has_none_and_takes_none(world: World) -> None:
    world.pay()
    begin(world, DARA)
    world.record(merged(world.linked()))
    assert names(world) == []
    world.sweep("work.sweep_attempts")
    assert [str(row.state) for row in world.rows(Attempt)] == ["over"]
    with pytest.raises(AttemptRefused, match="This task is merged"):
        begin(world)


def test_a_wanted_task_takes_none(world: World) -> None:
    with pytest.raises(AttemptRefused, match="wanted"):
        begin(world, task=world.task(13, opened=False))


def test_who_signs_in_by_mail_alone_needs_a_forge_account(world: World) -> None:
    with pytest.raises(NeedsForgeAccount), transaction() as session:
        person = sign_in_with_mail(session, "gil@example.org")
        begin_attempt(session, Actor(person.id, None, f"person:{person.id}"), world.task_id)


def test_the_status_comment_names_them_without_ringing(world: World) -> None:
    begin(world)
    with reading() as session:
        assert task_status(session, world.task_id).attempts == ("bo",)
    assert world.jobs("forge.sync_comment")


@pytest.mark.usefixtures("postgresql")
def test_two_who_want_the_last_place_at_once() -> None:
    world = World.begin()
    for who in (ANA, BO, CLEO, DARA):
        begin(world, who)
    frank = replace(BO, id=199, login="frank")

    def by_frank(session: Session) -> object:
        here = session.get_one(Repository, world.repository_id)
        return command(
            session, name="attempt", argument="", comment=comment(frank, 12, on_pull_request=False), repository=here,
            permission=Permission.READ, pull=None,
        )  # fmt: skip

    results = at_once(lambda s: begin_attempt(s, world.actor(EVE), world.task_id), by_frank)
    assert sum(isinstance(result, AttemptRefused) for result in results) == 1
    assert len(names(world)) == 5


@pytest.mark.usefixtures("postgresql")
def test_one_person_with_two_clicks_on_their_last_place() -> None:
    world = World.begin()
    tasks = [world.task(number) for number in (13, 14, 15)]
    begin(world)
    begin(world, task=tasks[0])
    results = at_once(*(lambda s, t=task: begin_attempt(s, world.actor(BO), t) for task in tasks[1:]))
    assert sum(isinstance(result, AttemptRefused) for result in results) == 1


@pytest.mark.usefixtures("postgresql")
def test_a_double_click_is_one_attempt() -> None:
    world = World.begin()
    at_once(*[lambda s: begin_attempt(s, world.actor(BO), world.task_id)] * 2)
    assert len(world.rows(Attempt)) == 1
