"""How tasks end with their issue or without the App, and what stops that."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.events.sweeps import SomeFailed
from bountyhub.funding.models import Refund
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects import operations as projects
from bountyhub.projects.models import Repository
from bountyhub.tasks.errors import TaskTakesNoMoney
from bountyhub.tasks.operations import lock_task, want
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    DARA,
    INSTALLATION,
    REPOSITORY,
    World,
    issue,
    later,
    merged,
    owed_shares,
    pull,
)


def cancel(world: World, by: ForgePerson = ANA, reason: str = "We go another way.") -> None:
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(by), world.permission(by), reason)


def uncancel(world: World, by: ForgePerson = ANA) -> None:
    with transaction() as session:
        work.uncancel_task(session, world.task_id, world.actor(by), world.permission(by))


def end_due(world: World) -> None:
    with transaction() as session:
        work.end_due(session, world.task_id)


def remove_app() -> None:
    with transaction() as session:
        work.app_removed(session, 77, None)


def install_app() -> None:
    with transaction() as session:
        projects.record_installation(session, INSTALLATION, [REPOSITORY])
        work.app_installed(session, [REPOSITORY.id])


def standing(world: World) -> tuple[str, str | None]:
    task = world.read_task()
    return str(task.state), str(task.ends_reason) if task.ends_at else None


def test_a_closed_issue_takes_no_money_and_gives_it_back_after_fourteen_days(world: World) -> None:
    world.pay()
    world.record_issue(issue(is_open=False))
    assert standing(world) == ("open", "issue_closed")
    with pytest.raises(TaskTakesNoMoney):
        world.order()
    later(14.1)
    end_due(world)
    assert (standing(world), world.send_refunds()) == (("cancelled", None), 5275)


def test_reopening_the_issue_stops_the_clock(world: World) -> None:
    world.record_issue(issue(is_open=False))
    later(10)
    world.record_issue(issue())
    later(5)
    end_due(world)
    assert standing(world) == ("open", None)


def test_closing_the_issue_again_begins_fourteen_new_days(world: World) -> None:
    world.record_issue(issue(is_open=False))
    later(10)
    world.record_issue(issue())
    world.record_issue(issue(is_open=False))
    later(10)
    end_due(world)
    assert standing(world) == ("open", "issue_closed")


def test_a_late_claim_stops_the_clock_of_a_closed_issue_until_it_lapses(world: World) -> None:
    world.pay()
    world.record_issue(issue(is_open=False))
    later(10)
    world.record(merged(pull()))
    assert standing(world) == ("open", None)
    later(14.1)
    with transaction() as session:
        work.lapse_claim(session, world.claim().id)
    assert standing(world) == ("open", "issue_closed")
    later(14.1)
    end_due(world)
    assert world.send_refunds() == 5275


def test_a_cancel_after_the_issue_was_closed_stays_when_the_issue_is_reopened(world: World) -> None:
    world.linked()
    world.record_issue(issue(is_open=False))
    cancel(world)
    world.record_issue(issue())
    assert standing(world) == ("open", "cancelled")


def test_a_cancel_does_not_put_off_an_end_that_was_announced_before(world: World) -> None:
    world.linked()
    world.record_issue(issue(is_open=False))
    before = world.read_task().ends_at
    later(10)
    cancel(world)
    assert world.read_task().ends_at == before


def test_a_cancel_taken_back_leaves_a_closed_issue_ending(world: World) -> None:
    world.linked()
    cancel(world)
    world.record_issue(issue(is_open=False))
    uncancel(world)
    assert standing(world) == ("open", "issue_closed")


def test_an_issue_reopened_does_not_bring_the_app_back(world: World) -> None:
    world.linked()
    world.record_issue(issue(is_open=False))
    remove_app()
    world.record_issue(issue())
    assert standing(world) == ("open", "app_gone")


def test_without_the_app_everything_goes_back_at_once(world: World) -> None:
    world.pay()
    remove_app()
    assert (standing(world), world.send_refunds()) == (("cancelled", None), 5275)
    assert world.step().detail.startswith("The project removed bountyhub")


def test_with_a_ready_pull_request_an_app_that_comes_back_changes_nothing(world: World) -> None:
    world.pay()
    world.linked()
    remove_app()
    assert standing(world) == ("open", "app_gone")
    install_app()
    assert standing(world) == ("open", None)
    world.pay(by=DARA)


def test_a_wanted_task_does_not_need_the_app(world: World) -> None:
    wanted = world.task(14, opened=False)
    remove_app()
    assert world.read_task(wanted).state == "wanted"


def test_a_wanted_task_ends_with_its_issue(world: World) -> None:
    wanted = world.task(14, opened=False)
    world.record_issue(issue(14, is_open=False))
    assert world.read_task(wanted).state == "cancelled"


def test_a_wanted_task_nobody_new_wants_for_180_days_is_given_up(world: World) -> None:
    wanted = world.task(14, opened=False)
    later(100)
    with transaction() as session:
        want(session, lock_task(session, wanted), world.persons["dara"].id)
    later(100)
    world.sweep("work.sweep_wanted")
    assert world.read_task(wanted).state == "wanted"
    later(81)
    world.sweep("work.sweep_wanted")
    assert (world.read_task(wanted).state, world.read_task().state) == ("cancelled", "open")


def gone(number: int = 12, moved_to: int | None = None, repository: int = REPOSITORY.id) -> None:
    with transaction() as session:
        row = session.scalars(select(Repository).where(Repository.forge_id == REPOSITORY.id)).one()
        target = issue(moved_to, repository=repository) if moved_to else None
        work.issue_gone(session, row, number, moved_to=target)


def test_a_deleted_issue_gives_the_money_back_at_once(world: World) -> None:
    world.pay()
    gone()
    assert (standing(world), world.send_refunds()) == (("cancelled", None), 5275)


def test_a_deleted_issue_waits_for_a_ready_pull_request(world: World) -> None:
    world.pay()
    opened = world.linked()
    gone()
    assert standing(world) == ("open", "issue_gone")
    world.record(merged(opened))
    assert owed_shares(world) == [(5000, "kept")]


def test_an_issue_moved_within_the_project_takes_its_task_along(world: World) -> None:
    world.pay()
    gone(moved_to=77)
    assert (world.read_task().issue_number, standing(world)) == (77, ("open", None))
    world.record(pull(closes=(77,)))
    assert world.claim().state == "linked"


def test_an_issue_moved_to_where_a_task_stands_already_ends_its_own(world: World) -> None:
    world.pay()
    world.task(77)
    gone(moved_to=77)
    assert (standing(world), world.send_refunds()) == (("cancelled", None), 5275)


def test_an_issue_moved_out_of_the_project_ends_its_task(world: World) -> None:
    world.pay()
    gone(moved_to=3, repository=424242)
    assert standing(world) == ("cancelled", None)


def test_the_issues_words_are_taken_over_and_its_old_ones_kept(world: World) -> None:
    world.record_issue(issue(title="Export everything", labels=("bug",)))
    task = world.read_task()
    assert (task.title, task.labels, task.revision) == ("Export everything", ["bug"], 2)
    world.record_issue(issue(title="Export everything", labels=("bug",)))
    assert world.read_task().revision == 2


def test_an_issue_reopened_without_a_webhook_is_found_before_its_task_ends(world: World) -> None:
    outside = Outside().use()
    world.pay()
    world.record_issue(issue(is_open=False))
    outside.forge.issues[12] = issue()
    later(14.1)
    world.sweep("work.sweep_ends")
    assert (world.read_task().state, world.read_task().ends_at, world.rows(Refund)) == ("open", None, [])


def test_while_the_issue_cannot_be_read_its_task_does_not_end(world: World) -> None:
    outside = Outside().use()
    world.pay()
    world.record_issue(issue(is_open=False))
    outside.forge.issues[12] = issue(is_open=False)
    outside.forge.fail["read_issue"] = [OutsideUnavailable("down")]
    later(14.1)
    with pytest.raises(SomeFailed):
        world.sweep("work.sweep_ends")
    assert world.read_task().state == "open"
    world.sweep("work.sweep_ends")
    assert world.read_task().state == "cancelled"


def test_an_issue_that_was_deleted_stays_a_reason_to_end(world: World) -> None:
    outside = Outside().use()
    world.pay()
    world.record_issue(issue(is_open=False))
    outside.forge.repositories[REPOSITORY.id] = REPOSITORY
    later(14.1)
    world.sweep("work.sweep_ends")
    assert (world.read_task().state, world.read_task().issue_exists) == ("cancelled", False)


def go_private(world: World, private: bool = True) -> None:
    with transaction() as session:
        repository = session.get_one(Repository, world.repository_id)
        repository.private = private
        if private:
            work.repository_gone(session, repository)


def test_a_task_whose_repository_went_private_ends_although_its_issue_can_still_be_read(world: World) -> None:
    world.pay()
    world.linked()
    go_private(world)
    ends_at = world.read_task().ends_at
    later(1)
    world.record_issue(issue())
    assert ends_at is not None
    assert (world.read_task().ends_at, str(world.read_task().ends_reason)) == (ends_at, "issue_gone")
    with pytest.raises(TaskTakesNoMoney):
        world.order(by=DARA)


def test_a_repository_that_is_public_again_lets_its_tasks_go_on(world: World) -> None:
    world.linked()
    go_private(world)
    go_private(world, private=False)
    world.record_issue(issue())
    assert world.read_task().ends_at is None
    world.pay()
