"""Imports of many issues: each becomes one task, whoever presses how often, whatever fails on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people import operations as people
from bountyhub.people.models import Identity
from bountyhub.ports.errors import NotInstalled, OutsideUnavailable, RetryAt
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.models import Repository
from bountyhub.tasks.imports import jobs, rules
from bountyhub.tasks.imports.errors import ImportRuns, NothingChosen
from bountyhub.tasks.imports.models import Chosen, IssueImport
from bountyhub.tasks.imports.operations import Choice, begin_import, stop_import
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from bountyhub.work.queries import task_status
from tests.builders.at_once import at_once
from tests.builders.policing import put
from tests.builders.world import ANA, DARA, EVE, World, issue
from tests.tasks.imports_world import LABEL, Importing


@pytest.fixture
def importing(world: World) -> Importing:
    return Importing.begin(world, range(12, 20))


def ticked(*numbers: int) -> Choice:
    return Choice(Chosen.TICKED, numbers=numbers)


def test_all_with_a_label_become_tasks_and_the_record_says_who_began_it(importing: Importing) -> None:
    importing.outside.forge.issues[13] = issue(13, labels=("bug",))
    importing.start()
    importing.finish()
    assert importing.became() == {12: "known"} | dict.fromkeys(range(14, 20), "made")
    tasks = [task for task in importing.world.rows(Task) if task.issue_number != 12]
    assert {(task.state, task.opened_by) for task in tasks} == {("open", importing.world.persons["ana"].id)}
    row = importing.row()
    assert (row.state, row.person_id, row.name) == ("done", importing.world.persons["ana"].id, "enhancement")
    assert importing.world.actions("import") == ["import_begun", "import_done"]


def test_what_is_left_out_is_named(importing: Importing) -> None:
    shown = importing.outside.forge.issues
    shown |= {13: issue(13, is_pull_request=True), 14: issue(14, locked=True)}
    importing.start()
    shown |= {15: issue(15)}
    importing.slice()
    assert importing.why() == {13: rules.PULL_REQUEST, 14: rules.LOCKED}


def test_ticked_issues_are_looked_at_again_one_by_one(importing: Importing) -> None:
    shown = importing.outside.forge.issues
    shown |= {13: issue(13, is_open=False), 14: issue(14, locked=True), 15: replace(issue(15), repository=9002)}
    del shown[16]
    importing.start(ticked(12, 13, 14, 15, 16, 17))
    importing.finish()
    assert importing.became() == {12: "known", 17: "made"} | dict.fromkeys(range(13, 17), "left_out")
    assert importing.why() == {13: rules.CLOSED, 14: rules.LOCKED, 15: rules.MOVED, 16: rules.GONE}


def test_a_wanted_task_is_opened(importing: Importing) -> None:
    wanted = importing.world.task(13, opened=False)
    importing.start()
    importing.finish()
    assert importing.became()[13] == "made"
    assert importing.world.read_task(wanted).state == "open"


def test_pressed_twice_and_by_two_maintainers_it_is_one(importing: Importing) -> None:
    first = importing.start()
    assert importing.start() == first
    assert importing.start(nonce="n2", by=EVE) == first
    assert len(importing.world.rows_of_jobs("tasks.import_issues")) == 1
    importing.finish()
    assert importing.start() == first  # the same form, sent again long after


def test_another_import_waits_for_its_turn(importing: Importing) -> None:
    importing.start()
    with pytest.raises(ImportRuns):
        importing.start(ticked(13), nonce="n2")
    importing.finish()
    importing.start(ticked(13), nonce="n3")
    importing.finish()
    assert len(importing.world.rows(Task)) == 8


def test_nothing_and_too_much_are_refused(importing: Importing) -> None:
    for choice in (ticked(), ticked(*range(1, rules.MOST_TICKED + 2))):
        with pytest.raises(NothingChosen):
            importing.start(choice)


def test_a_crash_in_the_middle_of_a_slice_repeats_and_loses_nothing(importing: Importing) -> None:
    importing.start()
    importing.outside.forge.fail["read_issue"] = [OutsideUnavailable("cut off")]
    importing.outside.forge.issues[12] = issue(12)
    importing.slice()
    assert importing.world.rows_of_jobs("tasks.import_issues")[0].last_error
    importing.finish()
    assert sorted(importing.became().values()) == ["known", *["made"] * 7]
    assert len({task.issue_number for task in importing.world.rows(Task)}) == len(importing.world.rows(Task)) == 8


def test_a_run_taken_for_dead_goes_on_beside_the_next_one(importing: Importing) -> None:
    importing.start()
    [row] = importing.world.rows_of_jobs("tasks.import_issues")
    for attempt in (1, 2):
        with reading() as session:
            known = session.get_one(OutboxJob, row.id)
        if known.finished_at is None or attempt == 2:
            outbox.run(Run(row.id, attempt))
    assert len(importing.world.rows(Task)) == 8


def test_a_rate_limit_puts_it_off_to_the_named_time(importing: Importing) -> None:
    importing.start()
    at = clock.real_now() + timedelta(minutes=20)
    importing.outside.forge.fail["open_items"] = [RetryAt("limit", at)]
    importing.slice()
    [row] = importing.world.rows_of_jobs("tasks.import_issues")
    assert row.run_at == at
    importing.finish()
    assert importing.row().state == "done"


def test_slices_lie_apart(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bountyhub.tasks.imports.jobs.SLICE", 3)
    importing.start()
    importing.slice()
    [row] = importing.world.rows_of_jobs("tasks.import_issues")
    assert row.run_at > clock.real_now()
    assert list(importing.became().values()).count("waiting") == 4
    assert importing.outside.forge.keys("read_issue") == ["19", "18", "17"]


def test_stopped_it_takes_no_more_and_what_it_made_stays(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("bountyhub.tasks.imports.jobs.SLICE", 3)
    id = importing.start()
    importing.slice()
    for expected in (True, False):
        with transaction() as session:
            assert stop_import(session, id, importing.world.actor(EVE)) is expected
    importing.finish()
    assert (importing.row().state, len(importing.world.rows(Task))) == ("stopped", 4)
    importing.start(nonce="n2")
    importing.finish()
    assert len(importing.world.rows(Task)) == 8


@pytest.mark.parametrize("lost", ["rights", "app"])
def test_it_stops_when_its_ground_is_gone(importing: Importing, lost: str) -> None:
    importing.start()
    if lost == "rights":
        importing.world.permissions[ANA.id] = Permission.TRIAGE
    else:
        with transaction() as session:
            work.app_removed(session, 77, None)
    importing.finish()
    assert importing.row().state == "stopped" and importing.row().ended_why
    assert len(importing.world.rows(Task)) == 1


def test_more_than_one_import_takes_is_said(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bountyhub.tasks.imports.operations.MOST", 3)
    importing.start()
    importing.finish()
    assert importing.row().more and len(importing.world.rows(Task)) == 4
    importing.start(nonce="n2")
    importing.finish()
    assert len(importing.world.rows(Task)) == 7


def test_one_cancelled_by_its_project_begins_anew_by_an_import_only(importing: Importing) -> None:
    with transaction() as session:
        work.cancel_task(session, importing.world.task_id, importing.world.actor(ANA), Permission.ADMIN, "No time.")
    importing.start(ticked(12))
    importing.finish()
    assert [task.state for task in importing.world.rows(Task)] == ["cancelled", "open"]


def test_imported_tasks_are_quiet_until_there_is_money(importing: Importing) -> None:
    importing.start(ticked(13))
    importing.finish()
    imported = importing.world.rows(Task)[-1].id
    with reading() as session:
        assert task_status(session, imported).quiet
        assert not task_status(session, importing.world.task_id).quiet
    importing.world.task_id = imported
    importing.world.pay(500)
    with reading() as session:
        assert not task_status(session, imported).quiet


def test_whoever_began_it_is_forgotten_and_the_record_stays(importing: Importing) -> None:
    zoe = ForgePerson(160, "zoe")
    with transaction() as session:
        importing.world.persons["zoe"] = people.sign_in_with_forge(session, zoe, "zoe@example.org")
    importing.world.permissions[zoe.id] = Permission.WRITE
    importing.start(by=zoe)
    with transaction() as session:
        work.forget(session, "@zoe", "Asked for by letter.")
    row = importing.row()
    assert (row.person_id, row.state) == (None, "stopped")
    importing.finish()
    assert len(importing.world.rows(Task)) == 1
    assert DARA.login in {identity.login for identity in importing.world.rows(Identity)}


def test_two_maintainers_at_once_begin_one(postgresql: str) -> None:
    importing = Importing.begin(World.begin(DATABASE_URL=postgresql), range(12, 20))
    repository, ana, eve = importing.repository(), importing.world.actor(ANA), importing.world.actor(EVE)
    made = at_once(
        lambda session: begin_import(session, session.get_one(Repository, repository.id), LABEL, ana, "n1").id,
        lambda session: begin_import(session, session.get_one(Repository, repository.id), LABEL, eve, "n2").id,
    )
    assert made[0] == made[1]
    assert len(importing.world.rows(IssueImport)) == 1
    importing.finish()
    assert len(importing.world.rows(Task)) == 8


def test_paused_meanwhile_it_stops(importing: Importing) -> None:
    importing.start(ticked(13, 14))
    with transaction() as session:
        work.pause_project(session, 1, importing.world.actor(ANA), Permission.ADMIN, "We release first.", "")
    importing.slice()
    assert (importing.row().state, importing.row().ended_why) == ("stopped", "The project is paused.")
    assert not importing.world.rows_of_jobs("tasks.import_issues")


def test_an_app_that_is_gone_and_nobody_told_stops_it(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    def permission(*_: object) -> Permission:
        raise NotInstalled("GET permission: 403", "not_installed")

    importing.start(ticked(13))
    monkeypatch.setattr(importing.outside.forge, "permission", permission)
    importing.slice()
    assert (importing.row().state, importing.row().ended_why) == ("stopped", jobs.NO_APP)


def test_a_decider_of_the_policy_file_imports(importing: Importing) -> None:
    put(importing.world, "deciders: [dara]\n", DARA)
    importing.start(ticked(13), by=DARA)
    importing.slice()
    assert importing.became() == {13: "made"}


def test_what_the_policy_file_refuses_is_left_out(importing: Importing) -> None:
    put(importing.world, "labels: [bug]\n")
    importing.outside.forge.issues[14] = issue(14, labels=("bug",))
    importing.start(ticked(13, 14))
    importing.finish()
    assert importing.became() == {13: "left_out", 14: "made"}
    assert "“bug”" in importing.why()[13]
