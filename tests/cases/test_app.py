"""The App and its repositories come and go while money is held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.funding.models import Refund
from bountyhub.kit.database import transaction
from bountyhub.payouts.models import Share
from bountyhub.people.operations import note_gone
from bountyhub.projects.operations import record_installation, record_repository
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from tests.builders.world import BO, INSTALLATION, REPOSITORY, issue, merged
from tests.cases.hub import Hub


def leave(hub: Hub, *, suspended: bool = False) -> None:
    for _ in range(3):
        with transaction() as session:
            work.app_removed(session, INSTALLATION.id, None, suspended=suspended)
    hub.settle()


def come_back(hub: Hub) -> None:
    for _ in range(3):
        with transaction() as session:
            record_installation(session, INSTALLATION, [REPOSITORY])
            work.app_installed(session, [REPOSITORY.id])
    hub.settle()


def archive(hub: Hub, *, archived: bool) -> None:
    with transaction() as session:
        record_repository(session, replace(REPOSITORY, archived=archived))
        work.follow_archiving(session, [REPOSITORY.id])
    hub.settle()


def task(hub: Hub) -> Task:
    found: Task = hub.world.rows(Task)[0]
    return found


def refunds(hub: Hub) -> list[str]:
    return [str(row.state) for row in hub.world.rows(Refund)]


@pytest.mark.parametrize("suspended", [True, False])
def test_left_without_a_ready_pull_request(hub: Hub, suspended: bool) -> None:
    """The App leaves a task without a ready pull request: the money goes back at once, once."""
    given = hub.pay(5000)
    leave(hub, suspended=suspended)
    assert (task(hub).state, refunds(hub)) == ("cancelled", ["done"])
    assert hub.contribution(given.id).state == "closed"


def test_left_with_a_ready_pull_request(hub: Hub) -> None:
    """The App leaves a task with a ready pull request: the money goes back after 14 days."""
    hub.pay(5000)
    hub.world.linked()
    leave(hub)
    assert (task(hub).state, refunds(hub)) == ("open", [])
    hub.days(15)
    assert (task(hub).state, refunds(hub)) == ("cancelled", ["done"])


def test_back_in_time(hub: Hub) -> None:
    """The App is back within the 14 days: the money stays, and the merge pays."""
    hub.connect()
    hub.pay(5000)
    opened = hub.world.linked()
    leave(hub, suspended=True)
    come_back(hub)
    hub.days(15)
    assert (task(hub).state, refunds(hub)) == ("open", [])
    hub.world.record(merged(opened))
    hub.settle()
    assert [share.amount for share in hub.world.rows(Share)] == [5000]


def test_merged_while_it_was_gone(hub: Hub) -> None:
    """Merged in the days of the notice: the developer is paid."""
    hub.connect()
    hub.pay(5000)
    opened = hub.world.linked()
    leave(hub)
    hub.world.record(merged(opened))
    hub.settle()
    assert [share.amount for share in hub.world.rows(Share)] == [5000]
    assert refunds(hub) == []


def test_archived(hub: Hub) -> None:
    """The repository is archived, unarchived in time, archived again: the money goes back after the second notice."""
    hub.pay(5000)
    hub.world.linked()
    archive(hub, archived=True)
    archive(hub, archived=False)
    hub.days(15)
    assert (task(hub).state, refunds(hub)) == ("open", [])
    archive(hub, archived=True)
    hub.days(15)
    assert (task(hub).state, refunds(hub)) == ("cancelled", ["done"])


def test_reopened_after_it_was_paid(hub: Hub) -> None:
    """The issue is reopened after its completion: nothing is paid twice, nothing goes back."""
    hub.connect()
    hub.pay(5000)
    hub.merge()
    hub.days(20)
    for is_open in (False, True, False, True):
        hub.world.record_issue(replace(issue(task(hub).issue_number), is_open=is_open))
        hub.settle()
    assert task(hub).state == "completed"
    assert [share.amount for share in hub.world.rows(Share)] == [5000]
    assert refunds(hub) == []


def test_the_developers_account_is_deleted(hub: Hub) -> None:
    """The developer deletes their GitHub account after the merge: their share is still theirs."""
    hub.connect()
    hub.pay(5000)
    hub.merge()
    with transaction() as session:
        note_gone(session, BO.id)
    hub.days(20)
    assert [str(share.state) for share in hub.world.rows(Share)] == ["paid"]
